#include <doctest/doctest.h>
#include <torch/torch.h>

#include "../finite_differences.hpp"
#include "make.hpp"
#include "workload/torch/networks.hpp"

// glog, which libtorch's headers bring in, takes this name for an assertion of its own.
#undef CHECK
#define CHECK DOCTEST_CHECK

using namespace syncline;
using namespace syncline::testing;

namespace {

constexpr TinyShape shape{.channels = 3, .height = 16, .width = 16, .train = 32};

torch::Tensor normalised(const Dataset& data, const std::vector<std::uint32_t>& batch) {
  const auto images =
      torch::empty({static_cast<std::int64_t>(batch.size()), 3, 16, 16}, torch::kDouble);
  double* out = images.data_ptr<double>();
  for (const auto number : batch) {
    for (std::size_t i = 0; i < 768; ++i) {
      const std::size_t c = i / 256;
      *out++ = (data.train.bytes[number * 768 + i] / 255.0 - data.mean[c]) / data.deviation[c];
    }
  }
  return images;
}

torch::Tensor labels_of(const Dataset& data, const std::vector<std::uint32_t>& batch) {
  std::vector<std::int64_t> labels;
  for (const auto number : batch) labels.push_back(data.train.labels[number]);
  return torch::tensor(labels);
}

Network build(const std::string& model, const Dataset& data) {
  const NetworkSite site{3, 16, 16, static_cast<std::int64_t>(data.classes),
                         std::make_shared<JobRandom>()};
  const std::vector<Parameter> hidden = {{"hidden", "", "12"}}, dropout = {{"dropout", "", "0"}};
  if (model == "mlp") return build_mlp(Arguments(parse_spec(model), hidden), site);
  if (model == "cnn") return build_cnn(Arguments(parse_spec(model), dropout), site);
  if (model == "lenet") return build_lenet(Arguments(parse_spec(model), {}), site);
  return build_resnet20(Arguments(parse_spec(model), {}), site);
}

/// A convolution with smooth activations, for finite differences.
class SmoothNet : public torch::nn::Module {
 public:
  explicit SmoothNet(const NetworkSite& site)
      : conv_(register_module("conv", torch::nn::Conv2d(site.channels, 2, 3))),
        fc_(register_module(
            "fc", torch::nn::Linear(2 * (site.height - 2) * (site.width - 2), site.classes))) {}
  torch::Tensor forward(const torch::Tensor& x) { return fc_(torch::tanh(conv_(x)).flatten(1)); }

 private:
  torch::nn::Conv2d conv_;
  torch::nn::Linear fc_;
};

}  // namespace

TEST_CASE("a payload is plain autograd's gradient, and batch norm's statistics by hand") {
  const auto context = context_of(shape);
  const auto& data = *context.dataset;
  const auto batch = range(3, 27);
  for (const std::string model : {"mlp", "lenet", "cnn", "resnet20"}) {
    CAPTURE(model);
    const auto workload = make_torch<double>(model == "mlp" ? "mlp(hidden=12)" : model, context);
    const auto state = initial_state(*workload);
    const auto payload = gradient_of(*workload, state, batch);

    const Network network = build(model, data);
    network.module->to(torch::kDouble);
    const auto parameters = network.module->named_parameters();
    const auto buffers = network.module->named_buffers();
    const torch::Tensor flat_state = torch::tensor(state, torch::kDouble);
    const torch::Tensor flat_payload = torch::tensor(payload.values, torch::kDouble);
    const auto slice = [](const torch::Tensor& flat, const NamedTensor& place) {
      std::int64_t count = 1;
      for (const auto size : place.shape) count *= size;
      return flat.narrow(0, static_cast<std::int64_t>(place.offset), count).view(place.shape);
    };
    for (const auto& place : workload->layout()) {
      if (place.offset >= workload->dimension()) continue;
      const torch::NoGradGuard no_grad;
      parameters[place.name].copy_(slice(flat_state, place));
    }
    const torch::Tensor loss =
        torch::cross_entropy_loss(network.forward(normalised(data, batch)), labels_of(data, batch));
    loss.backward();
    CHECK(payload.loss == doctest::Approx(loss.item<double>()).epsilon(1e-12));
    for (const auto& place : workload->layout()) {
      CAPTURE(place.name);
      torch::Tensor expected;
      if (place.offset < workload->dimension()) {
        expected = parameters[place.name].grad();
      } else {
        // PyTorch's running = 0.9 start + 0.1 batch; the start is 0 for means and 1 for variances.
        const double start = place.name.ends_with("running_var") ? 1 : 0;
        expected = (buffers[place.name] - 0.9 * start) / 0.1;
      }
      const torch::Tensor got = slice(flat_payload, place);
      const double scale = expected.abs().max().item<double>() + 1e-3;
      CHECK((got - expected).abs().max().item<double>() < 1e-11 * scale);
    }
  }
}

TEST_CASE("the cnn's payload holds mean and unbiased variance of the batch, by hand") {
  const auto context = context_of(shape);
  const auto batch = range(0, 16);
  const auto workload = make_torch<double>("cnn", context);
  const auto state = initial_state(*workload);
  const auto payload = gradient_of(*workload, state, batch);
  const auto layout = workload->layout();
  const auto place = [&](const std::string& name) {
    return std::find_if(layout.begin(), layout.end(),
                        [&](const NamedTensor& tensor) { return tensor.name == name; })
        ->offset;
  };
  const auto at = [&](const std::vector<double>& flat, const std::string& name,
                      at::IntArrayRef sizes) {
    const auto count = torch::empty(sizes).numel();
    const auto begin = flat.begin() + static_cast<std::ptrdiff_t>(place(name));
    return torch::tensor(std::vector<double>(begin, begin + count), torch::kDouble).view(sizes);
  };
  const torch::Tensor before_norm =
      torch::conv2d(normalised(*context.dataset, batch), at(state, "conv1.weight", {32, 3, 3, 3}),
                    at(state, "conv1.bias", {32}), 1, 1);
  const torch::Tensor channels = before_norm.transpose(0, 1).reshape({32, -1});
  CHECK(torch::allclose(at(payload.values, "bn1.running_mean", {32}), channels.mean(1), 1e-10));
  CHECK(torch::allclose(at(payload.values, "bn1.running_var", {32}), channels.var(1, true), 1e-10));
}

TEST_CASE("the gradient of a small convolution agrees with finite differences") {
  const auto row = torch_entry("smooth", "", "", {}, TensorFormat::channels_last,
                               [](const Arguments&, const NetworkSite& site) {
                                 return as_network(std::make_shared<SmoothNet>(site));
                               });
  const auto workload = make_from<double>(row, "smooth", context_of({.train = 20}));
  CHECK(gradient_error(*workload, initial_state(*workload)) < 1e-8);
}

TEST_CASE("channels-last and contiguous networks have the same gradient, stored differently") {
  const auto builder = [](const Arguments&, const NetworkSite& site) {
    return as_network(std::make_shared<SmoothNet>(site));
  };
  const auto context = context_of(shape);
  const auto flat = make_from<float>(
      torch_entry("a", "", "", {}, TensorFormat::contiguous, builder), "a", context);
  const auto last = make_from<float>(
      torch_entry("b", "", "", {}, TensorFormat::channels_last, builder), "b", context);
  REQUIRE(last->layout()[0].channels_last);
  const auto a = gradient_of(*flat, initial_state(*flat), range(0, 16)).values;
  const auto b = gradient_of(*last, initial_state(*last), range(0, 16)).values;
  for (std::size_t o = 0; o < 2; ++o) {
    for (std::size_t i = 0; i < 3; ++i) {
      for (std::size_t pixel = 0; pixel < 9; ++pixel) {
        CHECK(a[(o * 3 + i) * 9 + pixel] ==
              doctest::Approx(b[(o * 9 + pixel) * 3 + i]).epsilon(1e-3));
      }
    }
  }
}

TEST_CASE("dropout keeps the mean and zeroes its share of elements") {
  JobRandom random;
  random.begin({1, 2, 3});
  const torch::Tensor ones = torch::ones({100, 1001}, torch::kDouble);
  const torch::Tensor dropped = dropout(ones, 0.3, true, random);
  const double kept = dropped.ne(0).to(torch::kDouble).mean().item<double>();
  const double tolerance = 4.5 * std::sqrt(0.3 * 0.7 / 100100);
  CHECK(std::abs(kept - 0.7) < tolerance);
  CHECK(dropped.max().item<double>() == doctest::Approx(1 / 0.7));
  CHECK(dropout(ones, 0.3, false, random).is_same(ones));
  CHECK_THROWS_AS(dropout(ones, 1.0, true, random), ConfigError);
}

TEST_CASE("a gradient, labels flipped, is that of a data set of flipped labels, and then no more") {
  WorkloadContext context = context_of(shape);
  const auto workload = make_torch<double>("mlp(hidden=5)", context);
  auto data = std::make_shared<Dataset>(*context.dataset);
  for (auto& label : data->train.labels) {
    label = static_cast<std::int32_t>(data->classes) - 1 - label;
  }
  context.dataset = data;
  const auto of_false_data = make_torch<double>("mlp(hidden=5)", context);

  const auto state = initial_state(*workload);
  const auto batch = range(0, 16);
  const auto replica = workload->make_replica();
  std::vector<double> payload(state.size());
  replica->flip_labels(true);
  CHECK(replica->gradient(state, batch, {1, 0, 0}, payload) ==
        gradient_of(*of_false_data, state, batch).loss);
  CHECK(payload == gradient_of(*of_false_data, state, batch).values);
  // Evaluations never are.
  CHECK(replica->evaluate(state, Split::train, 0, 16).loss ==
        workload->make_replica()->evaluate(state, Split::train, 0, 16).loss);
  replica->flip_labels(false);
  replica->gradient(state, batch, {1, 0, 0}, payload);
  CHECK(payload == gradient_of(*workload, state, batch).values);
}
