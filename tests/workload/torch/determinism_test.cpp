#include <thread>

#include <doctest/doctest.h>

#include "make.hpp"

using namespace syncline;
using namespace syncline::testing;

namespace {

constexpr TinyShape shape{.channels = 3, .height = 16, .width = 16, .train = 64};

/// The payloads of 8 jobs, each computed on one of `threads` threads with a replica of its own.
std::vector<std::vector<double>> payloads(const Workload<float>& workload, std::size_t threads) {
  const auto state = initial_state(workload);
  std::vector<std::vector<double>> result(8);
  std::vector<std::thread> workers;
  for (std::size_t t = 0; t < threads; ++t) {
    workers.emplace_back([&, t] {
      const auto replica = workload.make_replica();
      std::vector<float> payload(state.size());
      // Backwards on the second thread, so that replicas have different histories.
      for (std::size_t n = 0; n < 8; ++n) {
        const std::size_t job = t == 1 ? 7 - n : n;
        if (job % threads != t) continue;
        replica->gradient(state, range(0, 16), {3, 1, job}, payload);
        result[job].assign(payload.begin(), payload.end());
        replica->evaluate(state, Split::test, 0, 40);
      }
    });
  }
  for (auto& worker : workers) worker.join();
  return result;
}

}  // namespace

TEST_CASE("payloads have the same bits from one thread and from two") {
  auto context = context_of(shape);
  context.augmentation = "pad-crop-flip";
  for (const std::string model : {"mlp", "lenet", "cnn(dropout=0.4)", "resnet20"}) {
    CAPTURE(model);
    const auto workload = make_torch<float>(model, context);
    CHECK(payloads(*workload, 1) == payloads(*workload, 2));
  }
}

TEST_CASE("dropout and augmentation depend on the job's key") {
  auto context = context_of(shape);
  const auto plain = make_torch<float>("cnn", context);
  const auto state = initial_state(*plain);
  const auto batch = range(0, 16);
  CHECK(gradient_of(*plain, state, batch, {1, 0, 0}).values ==
        gradient_of(*plain, state, batch, {1, 0, 1}).values);

  const auto dropping = make_torch<float>("cnn(dropout=0.5)", context);
  CHECK(gradient_of(*dropping, state, batch, {1, 0, 0}).values ==
        gradient_of(*dropping, state, batch, {1, 0, 0}).values);
  CHECK(gradient_of(*dropping, state, batch, {1, 0, 0}).values !=
        gradient_of(*dropping, state, batch, {1, 0, 1}).values);
  CHECK(gradient_of(*dropping, state, batch, {1, 0, 0}).values !=
        gradient_of(*dropping, state, batch, {1, 2, 0}).values);

  context.augmentation = "pad-crop-flip";
  const auto augmented = make_torch<float>("cnn", context);
  CHECK(gradient_of(*augmented, state, batch, {1, 0, 0}).values !=
        gradient_of(*augmented, state, batch, {1, 0, 1}).values);
}
