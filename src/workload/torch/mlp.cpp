#include <torch/torch.h>

#include "syncline/error.hpp"
#include "workload/torch/networks.hpp"

namespace syncline {
namespace {

class Mlp : public torch::nn::Module {
 public:
  explicit Mlp(const std::vector<std::int64_t>& widths) {
    for (std::size_t i = 1; i < widths.size(); ++i) {
      layers_.push_back(
          register_module("fc" + std::to_string(i), torch::nn::Linear(widths[i - 1], widths[i])));
    }
  }

  torch::Tensor forward(const torch::Tensor& input) {
    torch::Tensor x = input.flatten(1);
    for (std::size_t i = 0; i + 1 < layers_.size(); ++i) x = torch::relu(layers_[i](x));
    return layers_.back()(x);
  }

 private:
  std::vector<torch::nn::Linear> layers_;
};

}  // namespace

Network build_mlp(const Arguments& arguments, const NetworkSite& site) {
  std::vector<std::int64_t> widths = {site.channels * site.height * site.width};
  for (const std::string& width : split_outside_brackets(arguments.text("hidden"), '-')) {
    const auto units = static_cast<std::int64_t>(parse_whole(width, "a width in mlp's 'hidden'"));
    if (units == 0 || units > 1'000'000) {
      arguments.refuse("hidden", "must be widths from 1 to 1000000, such as 128-64");
    }
    widths.push_back(units);
  }
  widths.push_back(site.classes);
  return as_network(std::make_shared<Mlp>(widths));
}

}  // namespace syncline
