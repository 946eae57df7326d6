// Adds a model of its own to Syncline's registry and trains it with a K-async server and eight
// uneven workers in virtual time. docs/models.md explains each step.

#include <iostream>

#include <nlohmann/json.hpp>
#include <torch/torch.h>

#include "syncline/blas_threads.hpp"
#include "syncline/error.hpp"
#include "syncline/torch_model.hpp"
#include "syncline/train.hpp"

namespace {

/// One convolution, batch norm, dropout, one linear layer.
class SmallNet : public torch::nn::Module {
 public:
  SmallNet(const syncline::NetworkSite& site, std::int64_t filters)
      : conv_(register_module(
            "conv", torch::nn::Conv2d(torch::nn::Conv2dOptions(site.channels, filters, 3)))),
        norm_(register_module("norm", torch::nn::BatchNorm2d(filters))),
        linear_(register_module(
            "linear", torch::nn::Linear(filters * ((site.height - 2) / 2) * ((site.width - 2) / 2),
                                        site.classes))),
        random_(site.random) {}

  torch::Tensor forward(const torch::Tensor& images) {
    const torch::Tensor x = torch::max_pool2d(torch::relu(norm_(conv_(images))), 2).flatten(1);
    return linear_(syncline::dropout(x, 0.1, is_training(), *random_));
  }

 private:
  torch::nn::Conv2d conv_;
  torch::nn::BatchNorm2d norm_;
  torch::nn::Linear linear_;
  std::shared_ptr<syncline::JobRandom> random_;
};

}  // namespace

int main() {
  syncline::hold_blas_to_one_thread();
  syncline::add_torch_model(syncline::torch_entry(
      "smallnet", "one convolution with batch norm", "examples/own_model",
      {{"filters", "of the convolution", "8"}}, syncline::TensorFormat::contiguous,
      [](const syncline::Arguments& arguments, const syncline::NetworkSite& site) {
        const auto filters = static_cast<std::int64_t>(arguments.at_least_one("filters"));
        return syncline::as_network(std::make_shared<SmallNet>(site, filters));
      }));

  syncline::RunConfig config;
  config.model.workload = "smallnet(filters=4)";
  config.model.data = "fashion-mnist";
  config.policy = "k-async(k=4)";
  config.fleet.workers = 8;
  config.fleet.delay = "4*exponential(rate=1),4*exponential(rate=0.2)";
  config.optimizer.step_size = 0.05;
  config.stop.updates = 120;
  config.stop.evaluate_every = 30;
  try {
    const auto result = syncline::train(config, syncline::Progress{});
    const auto& run = result.at("settings").at(0).at("policies").at(0);
    const double error = run.at("final_error").at("mean");
    std::cout << "smallnet: test error " << error << " after " << config.stop.updates
              << " updates\n";
    return error < 0.5 ? 0 : 1;  // guessing gives 0.9
  } catch (const syncline::Error& error) {
    std::cerr << error.what() << '\n';
    return static_cast<int>(error.exit_code());
  }
}
