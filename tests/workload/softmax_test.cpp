#include <cmath>
#include <numeric>

#include <doctest/doctest.h>

#include "finite_differences.hpp"
#include "support/tiny_dataset.hpp"
#include "syncline/blas_threads.hpp"

namespace syncline {
namespace {

WorkloadContext on(std::shared_ptr<const Dataset> data) { return {.dataset = std::move(data)}; }

TEST_CASE("softmax gradient equals central differences of its loss") {
  const auto workload = make_workload<double>("softmax(lambda=0.3)", on(testing::tiny_dataset()));
  CHECK(workload->dimension() == 3 * 65);
  for (const std::uint64_t seed : {1, 2}) {
    const auto state = testing::random_state(workload->dimension(), 0.1, seed);
    CHECK(testing::gradient_error(*workload, state) < 1e-6);
  }
}

TEST_CASE("softmax loss of zero weights is log(classes), and lambda ||W||^2 leaves out the bias") {
  const auto data = testing::tiny_dataset();
  const auto workload = make_workload<double>("softmax(lambda=0.5)", on(data));
  const auto replica = workload->make_replica();
  std::vector<double> state(workload->dimension());
  const auto loss = [&] { return replica->evaluate(state, Split::test, 0, 90).loss / 90; };
  CHECK(loss() == doctest::Approx(std::log(3.0)));
  for (std::size_t c = 0; c < 3; ++c) state[3 * 64 + c] = 7;  // equal biases change nothing
  CHECK(loss() == doctest::Approx(std::log(3.0)));
  for (std::size_t c = 0; c < 3; ++c) state[c * 64] = 2;  // nor do equal weights, but the penalty
  CHECK(loss() == doctest::Approx(std::log(3.0) + 0.5 * 12));
}

TEST_CASE("softmax batch gradient is the mean of its samples' gradients, for any batch size") {
  const auto workload = make_workload<double>("softmax", on(testing::tiny_dataset()));
  const auto replica = workload->make_replica();
  const auto state = testing::random_state(workload->dimension(), 0.1, 3);
  for (const std::size_t size : {1, 7, 64, 65, 200}) {
    std::vector<std::uint32_t> batch(size);
    for (std::size_t i = 0; i < size; ++i) batch[i] = static_cast<std::uint32_t>((i * 37) % 240);
    std::vector<double> whole(state.size()), one(state.size()), mean(state.size());
    const double loss = replica->gradient(state, batch, {}, whole);
    double losses = 0;
    for (const std::uint32_t sample : batch) {
      losses += replica->gradient(state, {&sample, 1}, {}, one);
      for (std::size_t i = 0; i < mean.size(); ++i) {
        mean[i] += one[i] / static_cast<double>(size);
      }
    }
    CHECK(loss == doctest::Approx(losses / static_cast<double>(size)).epsilon(1e-12));
    for (std::size_t i = 0; i < mean.size(); ++i) {
      REQUIRE(whole[i] == doctest::Approx(mean[i]).epsilon(1e-10).scale(1));
    }
  }
}

TEST_CASE("softmax evaluation adds up over any division of a split") {
  const auto workload = make_workload<double>("softmax", on(testing::tiny_dataset()));
  const auto replica = workload->make_replica();
  const auto state = testing::random_state(workload->dimension(), 0.1, 3);
  const auto whole = replica->evaluate(state, Split::train, 0, 240);
  const auto left = replica->evaluate(state, Split::train, 0, 101);
  const auto right = replica->evaluate(state, Split::train, 101, 240);
  CHECK(whole.samples == 240);
  CHECK(left.samples + right.samples == 240);
  CHECK(whole.wrong == left.wrong + right.wrong);
  CHECK(whole.loss == doctest::Approx(left.loss + right.loss).epsilon(1e-12));
}

TEST_CASE("softmax, same arguments, has the same bits in any replica") {
  hold_blas_to_one_thread();
  const auto workload = make_workload<float>("softmax", on(testing::tiny_dataset()));
  std::vector<float> state(workload->dimension()), again(workload->dimension());
  workload->initialise(4, state);
  workload->initialise(4, again);
  CHECK(state == again);
  workload->initialise(5, again);
  CHECK(state != again);

  const std::vector<std::uint32_t> batch = {5, 5, 17, 200}, other = {1, 2, 3};
  std::vector<float> first(state.size()), second(state.size());
  const auto a = workload->make_replica(), b = workload->make_replica();
  const double loss = a->gradient(state, batch, {1, 2, 3}, first);
  b->gradient(state, other, {1, 2, 3}, second);  // what came before must leave no trace
  CHECK(b->gradient(state, batch, {1, 2, 3}, second) == loss);
  CHECK(first == second);
}

TEST_CASE("softmax initial weights have the stated deviation") {
  const auto workload =
      make_workload<double>("softmax(init=0.25)", on(testing::tiny_dataset(testing::tiny_colour)));
  std::vector<double> state(workload->dimension());
  workload->initialise(1, state);
  double squares = 0;
  for (const double w : state) squares += w * w;
  const double n = static_cast<double>(state.size());
  CHECK(std::abs(squares / n - 0.0625) < 4.5 * 0.0625 * std::sqrt(2 / n));
}

TEST_CASE(
    "softmax with weights that are not finite returns a loss that is not, and no right answer") {
  const auto workload = make_workload<float>("softmax", on(testing::tiny_dataset()));
  std::vector<float> state(workload->dimension(), NAN), payload(state.size());
  const auto replica = workload->make_replica();
  const std::vector<std::uint32_t> batch = {0, 1};
  CHECK_FALSE(std::isfinite(replica->gradient(state, batch, {}, payload)));
  const auto sums = replica->evaluate(state, Split::test, 0, 90);
  CHECK(sums.wrong == 90);
  CHECK_FALSE(std::isfinite(sums.loss));
}

TEST_CASE("softmax by plain SGD on Fashion-MNIST errs on less than a quarter of the test set") {
  hold_blas_to_one_thread();
  const auto data = load_dataset("fashion-mnist", "");
  const auto workload = make_workload<float>("softmax(lambda=0.0001)", on(data));
  const Sampler sampler("iid", data->train.labels, 10, 1, 1);
  const auto replica = workload->make_replica();
  std::vector<float> state(workload->dimension()), gradient(workload->dimension());
  workload->initialise(1, state);
  std::vector<std::uint32_t> batch(32);
  for (std::uint64_t job = 0; job < 2000; ++job) {
    sampler.draw(0, job, batch);
    replica->gradient(state, batch, {1, 0, job}, gradient);
    for (std::size_t i = 0; i < state.size(); ++i) state[i] -= 0.01F * gradient[i];
  }
  const auto sums = replica->evaluate(state, Split::test, 0, 10000);
  CHECK(sums.wrong / sums.samples < 0.25);
}

}  // namespace
}  // namespace syncline
