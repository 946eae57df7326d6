#include <cmath>

#include <doctest/doctest.h>

#include "measure/intervals.hpp"
#include "measure/measured.hpp"
#include "measure/multiplicative.hpp"
#include "measure/vectors.hpp"
#include "workload/data/normaliser.hpp"

namespace syncline {
namespace {

using testing::config_of;
using testing::covers;
using testing::measured;
using testing::total_weight;

constexpr const char* model_text = "softmax(lambda=0.01)";

/// Softmax regression on the tiny data set, one sample at a time.
class BruteForce {
 public:
  explicit BruteForce(const char* model = model_text) : data_(testing::tiny_dataset()) {
    WorkloadContext context;
    context.dataset = data_;
    workload_ = make_workload<double>(model, context);
    state_.resize(workload_->dimension());
    workload_->initialise(1, state_);
    const auto replica = workload_->make_replica();
    for (std::uint32_t i = 0; i < data_->train.count; ++i) {
      Vector gradient(state_.size());
      loss_ += replica->gradient(state_, {&i, 1}, {}, gradient) / count();
      gradients_.push_back(gradient);
    }
    mean_.resize(state_.size());
    for (const Vector& gradient : gradients_) add_scaled(mean_, 1 / count(), gradient);
  }

  [[nodiscard]] double loss() const { return loss_; }
  [[nodiscard]] double length2() const { return squared_norm<double>(mean_); }
  [[nodiscard]] double variance() const {
    double sum = 0;
    for (const Vector& gradient : gradients_) sum += squared_distance<double>(gradient, mean_);
    return sum / count();
  }

  /// H v by the formula: the mean over samples of (diag(p) - p p') x x', and 2 lambda on weights.
  [[nodiscard]] Vector hessian_times(const Vector& v) const {
    const Normaliser<double> normaliser(*data_);
    const std::size_t features = data_->features(), classes = data_->classes;
    const std::size_t weights = features * classes;
    Vector product(v.size()), x(features);
    for (std::size_t i = 0; i < weights; ++i) product[i] = 0.02 * v[i];
    for (std::uint32_t sample = 0; sample < data_->train.count; ++sample) {
      normaliser.write(data_->train, sample, x.data());
      const Vector p = probabilities(x);
      Vector along(classes);
      double middle = 0;
      for (std::size_t c = 0; c < classes; ++c) {
        along[c] = v[weights + c];
        for (std::size_t j = 0; j < features; ++j) along[c] += v[c * features + j] * x[j];
        middle += p[c] * along[c];
      }
      for (std::size_t c = 0; c < classes; ++c) {
        const double size = p[c] * (along[c] - middle) / count();
        product[weights + c] += size;
        for (std::size_t j = 0; j < features; ++j) product[c * features + j] += size * x[j];
      }
    }
    return product;
  }

  [[nodiscard]] double largest_eigenvalue() const {
    Vector v(state_.size(), 1.0);
    for (std::size_t i = 0; i < v.size(); ++i) v[i] += std::sin(static_cast<double>(i));
    double eigenvalue = 0;
    for (int i = 0; i < 300; ++i) {
      scale(v, 1 / norm(v));
      Vector next = hessian_times(v);
      eigenvalue = inner(v, next);
      v = next;
    }
    return eigenvalue;
  }

  [[nodiscard]] const Vector& mean() const { return mean_; }

 private:
  [[nodiscard]] double count() const { return static_cast<double>(data_->train.count); }

  [[nodiscard]] Vector probabilities(const Vector& x) const {
    const std::size_t features = x.size();
    Vector p(data_->classes);
    double sum = 0;
    for (std::size_t c = 0; c < p.size(); ++c) {
      double logit = state_[p.size() * features + c];
      for (std::size_t j = 0; j < features; ++j) logit += state_[c * features + j] * x[j];
      sum += p[c] = std::exp(logit);
    }
    scale(p, 1 / sum);
    return p;
  }

  std::shared_ptr<const Dataset> data_;
  std::shared_ptr<const Workload<double>> workload_;
  Vector state_;
  std::vector<Vector> gradients_;
  Vector mean_;
  double loss_ = 0;
};

TEST_CASE("constants of softmax regression, from all samples, are those found one by one") {
  const BruteForce truth;
  const WorkloadConstants constants =
      measured(config_of(model_text), {.gradients = 800, .samples = 0});
  CHECK(constants.samples == 240);
  CHECK(constants.dimension == 195);
  CHECK(constants.loss == doctest::Approx(truth.loss()).epsilon(1e-12));
  CHECK(constants.gradient_norm2.value == doctest::Approx(truth.length2()).epsilon(1e-12));
  CHECK(constants.gradient_norm2.upper == constants.gradient_norm2.value);
  const double variance =
      constants.sigma2.value + constants.m_g.value * constants.gradient_norm2.value;
  CHECK(total_weight(constants.noise) == doctest::Approx(variance).epsilon(1e-10));
  // 800 mini-batches: 2 % is more than 4 standard errors, and less than m_g's share.
  CHECK(variance == doctest::Approx(truth.variance()).epsilon(0.02));
  CHECK(constants.sigma2.value > 0);

  // Along the path the curvature falls, so that the largest is that of the start.
  CHECK(constants.smoothness.value == doctest::Approx(truth.largest_eigenvalue()).epsilon(1e-6));
  CHECK(covers(constants.smoothness, truth.largest_eigenvalue()));
  // Adding one number to all biases changes no loss: the smallest curvature is 0.
  CHECK_FALSE(constants.convexity);
}

TEST_CASE("variance about the gradient of a few samples, over many seeds, has no bias") {
  // All seeds start at one point. The few samples have a scatter like that of the mini-batch.
  RunConfig config = config_of("softmax(lambda=0.01, init=0)");
  config.model.batch = 40;
  Vector variances;
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    config.seed = seed;
    variances.push_back(
        total_weight(measured(config, {.gradients = 20, .directions = 1, .samples = 60}).noise));
  }
  const MeanOf measured_variance(variances);
  const double truth = BruteForce("softmax(lambda=0.01, init=0)").variance();
  CHECK(std::abs(measured_variance.mean - truth) < 4 * measured_variance.error);
  CHECK(measured_variance.error < 0.05 * truth);
}

TEST_CASE("signal of softmax regression has the moments of the true Hessian") {
  const BruteForce truth;
  const WorkloadConstants constants = measured(config_of(model_text), {.samples = 0});
  const Vector product = truth.hessian_times(truth.mean());
  double first = 0, second = 0;
  for (const auto& [eigenvalue, weight] : constants.signal) {
    first += weight * eigenvalue;
    second += weight * eigenvalue * eigenvalue;
  }
  CHECK(total_weight(constants.signal) == doctest::Approx(truth.length2()).epsilon(1e-10));
  CHECK(first == doctest::Approx(inner(truth.mean(), product)).epsilon(1e-7));
  CHECK(second == doctest::Approx(squared_norm<double>(product)).epsilon(1e-7));
}

TEST_CASE("constants, on one thread and on three, are the same to the bit") {
  RunConfig config = config_of(model_text);
  const WorkloadConstants one = measured(config, {.samples = 100});
  config.threads = 3;
  const WorkloadConstants three = measured(config, {.samples = 100});
  CHECK(one.sigma2.value == three.sigma2.value);
  CHECK(one.smoothness.upper == three.smoothness.upper);
  CHECK(one.gradient_norm2.lower == three.gradient_norm2.lower);
  REQUIRE(one.noise.size() == three.noise.size());
  for (std::size_t i = 0; i < one.noise.size(); ++i) {
    CHECK(one.noise[i].eigenvalue == three.noise[i].eigenvalue);
    CHECK(one.noise[i].weight == three.noise[i].weight);
  }
}

TEST_CASE(
    "line of variance against gradient, where it is one, predicts the variance at the start") {
  const auto workload = std::make_shared<const testing::Multiplicative>(1.0, 3.0);
  RunConfig config;
  config.threads = 1;
  config.model.batch = 8;
  const WorkloadConstants constants =
      measure_workload(workload, config, {.gradients = 2000, .samples = 4096}, {});
  CHECK(covers(constants.m_g, 9));
  CHECK(constants.m_g.lower > 0);
  CHECK(covers(constants.sigma2, 1));
}

}  // namespace
}  // namespace syncline
