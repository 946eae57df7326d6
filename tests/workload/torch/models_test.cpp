#include <doctest/doctest.h>

#include "../finite_differences.hpp"
#include "make.hpp"

using namespace syncline;
using namespace syncline::testing;

namespace {

constexpr TinyShape cifar_like{
    .channels = 3, .height = 32, .width = 32, .classes = 10, .train = 40, .test = 20};
constexpr TinyShape fashion_like{
    .channels = 1, .height = 28, .width = 28, .classes = 10, .train = 40, .test = 20};

}  // namespace

TEST_CASE("lenet on 3x32x32 with 10 classes has 62,006 parameters and no statistics") {
  const auto workload = make_torch<float>("lenet", context_of(cifar_like));
  CHECK(workload->dimension() == 62006);
  CHECK(workload->buffers() == 0);
}

TEST_CASE("models on 3x32x32 have the sizes of their architectures") {
  const auto context = context_of(cifar_like);
  // conv 896 + 18,496, batch norm 64 + 128, linear 1,048,832 + 2,570; statistics 2 (32 + 64)
  CHECK(make_torch<float>("cnn", context)->dimension() == 1070986);
  CHECK(make_torch<float>("cnn", context)->buffers() == 192);
  CHECK(make_torch<float>("resnet20", context)->dimension() == 269722);
  CHECK(make_torch<float>("resnet20", context)->buffers() == 1376);
  CHECK(make_torch<float>("mlp(hidden=128-64)", context)->dimension() ==
        3072 * 128 + 128 + 128 * 64 + 64 + 64 * 10 + 10);
}

TEST_CASE("every model on 1x28x28 images learns in both precisions") {
  const std::vector<std::pair<std::string, double>> rates = {
      {"mlp", 0.03}, {"lenet", 0.1}, {"cnn(dropout=0.1)", 0.03}, {"resnet20", 0.03}};
  for (const auto& [model, rate] : rates) {
    CAPTURE(model);
    const auto context = context_of(fashion_like);
    const int steps = model == "lenet" ? 60 : 12;
    const auto [before, after] =
        train_alone(*make_torch<float>(model, context), steps, static_cast<float>(rate));
    CHECK(after < 0.9 * before);
    const auto full = train_alone(*make_torch<double>(model, context), 4, rate);
    CHECK(full.second < full.first);
  }
}

TEST_CASE("initial states depend on the seed alone and agree in both precisions") {
  const auto context = context_of(tiny_grey);
  const auto single = make_torch<float>("mlp", context);
  const auto full = make_torch<double>("mlp", context);
  const auto state = initial_state(*single, 5);
  CHECK(state == initial_state(*single, 5));
  CHECK(state != initial_state(*single, 6));
  const auto wide = initial_state(*full, 5);
  CHECK(std::vector<double>(state.begin(), state.end()) == wide);
}

TEST_CASE("the gradient of an mlp agrees with finite differences") {
  const auto workload = make_torch<double>("mlp(hidden=5)", context_of(tiny_grey));
  CHECK(gradient_error(*workload, initial_state(*workload)) < 1e-6);
}

TEST_CASE("the layout covers the state without gaps") {
  for (const std::string model : {"mlp", "lenet", "cnn", "resnet20"}) {
    CAPTURE(model);
    const auto workload = make_torch<float>(model, context_of(cifar_like));
    std::size_t offset = 0;
    for (const auto& tensor : workload->layout()) {
      CHECK(tensor.offset == offset);
      std::size_t elements = 1;
      for (const auto size : tensor.shape) elements *= static_cast<std::size_t>(size);
      offset += elements;
    }
    CHECK(offset == workload->dimension() + workload->buffers());
  }
}

TEST_CASE("the mean of P gradients is the gradient of the concatenated batch") {
  for (const std::string model : {"mlp", "lenet"}) {
    CAPTURE(model);
    const auto workload = make_torch<double>(model, context_of(cifar_like));
    const auto state = initial_state(*workload);
    std::vector<double> mean(state.size());
    for (std::uint32_t p = 0; p < 4; ++p) {
      const auto part = gradient_of(*workload, state, range(8 * p, 8 * p + 8));
      for (std::size_t i = 0; i < mean.size(); ++i) mean[i] += part.values[i] / 4;
    }
    const auto whole = gradient_of(*workload, state, range(0, 32));
    double difference = 0;
    for (std::size_t i = 0; i < mean.size(); ++i) {
      difference = std::max(difference, std::abs(mean[i] - whole.values[i]));
    }
    CHECK(difference < 1e-9);
  }
}

TEST_CASE("an evaluation in pieces sums to the whole and counts errors") {
  const auto workload = make_torch<double>("mlp(hidden=8)", context_of({.train = 700}));
  const auto state = initial_state(*workload);
  const auto replica = workload->make_replica();
  const auto whole = replica->evaluate(state, Split::train, 0, 700);
  const auto left = replica->evaluate(state, Split::train, 0, 123);
  const auto right = replica->evaluate(state, Split::train, 123, 700);
  CHECK(whole.loss == doctest::Approx(left.loss + right.loss).epsilon(1e-12));
  CHECK(whole.wrong == left.wrong + right.wrong);
  CHECK(whole.samples == 700);
  // Without dropout and batch norm, the loss of a batch is that of the evaluation.
  CHECK(gradient_of(*workload, state, range(0, 700)).loss ==
        doctest::Approx(whole.loss / 700).epsilon(1e-12));
}

TEST_CASE("models that do not fit the data or the machine are refused with the way out") {
  const auto small = context_of(tiny_grey);
  CHECK(message_of<ConfigError>([&] {
          make_torch<float>("lenet", small);
        }).find("at least 16 x 16") != std::string::npos);
  CHECK_THROWS_AS(make_torch<float>("mlp(hidden=0)", small), ConfigError);
  CHECK_THROWS_AS(make_torch<float>("mlp(hidden=64-x)", small), ConfigError);
  CHECK_THROWS_AS(make_torch<float>("cnn(dropout=1)", small), ConfigError);
  CHECK_THROWS_AS(make_torch<float>("mlp", WorkloadContext{}), ConfigError);
  auto context = small;
  context.augmentation = "mirror";
  CHECK_THROWS_AS(make_torch<float>("mlp", context), ConfigError);
  context = context_of({.height = 1, .width = 64});
  context.augmentation = "pad-crop-flip";
  CHECK_THROWS_AS(make_torch<float>("mlp", context), ConfigError);
  context = small;
  context.device = "gpu";
  CHECK_THROWS_AS(make_torch<float>("mlp", context), ConfigError);
  context.device = "cuda:99";
  CHECK_THROWS_AS(make_torch<float>("mlp", context), ConfigError);
}
