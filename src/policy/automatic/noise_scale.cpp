#include "policy/automatic/noise_scale.hpp"

#include <algorithm>
#include <cmath>

#include <nlohmann/json.hpp>

namespace syncline {
namespace {

/// Steps that are remembered, about.
constexpr double memory = 32;
/// The largest S that is told apart from more: at it nothing but the number of gradients counts.
constexpr double largest = 1e9;

}  // namespace

void NoiseScale::stepped(double norm, double spread, std::uint64_t payloads) {
  if (!std::isfinite(norm) || !std::isfinite(spread)) return;
  const double keep = 1 - 1 / memory;
  const double square = norm * norm - spread / static_cast<double>(payloads);
  weight_ = keep * weight_ + 1;
  squared_weights_ = keep * keep * squared_weights_ + 1;
  variance_ = keep * variance_ + spread;
  gradient_ = keep * gradient_ + square;
  variance_squares_ = keep * variance_squares_ + spread * spread;
  gradient_squares_ = keep * gradient_squares_ + square * square;
}

void NoiseScale::fade() {
  weight_ /= 2;
  squared_weights_ /= 4;
  variance_ /= 2;
  gradient_ /= 2;
  variance_squares_ /= 2;
  gradient_squares_ /= 2;
}

auto NoiseScale::estimate() const -> Estimate {
  if (weight_ == 0) return {};
  const double steps = weight_ * weight_ / squared_weights_;
  const auto error = [&](double mean, double squares) {
    const double scatter = std::max(0.0, squares / weight_ - mean * mean);
    return steps > 1 ? std::sqrt(scatter / (steps - 1)) : std::abs(mean);
  };
  const double variance = variance_ / weight_;
  if (variance == 0) return {};
  const double gradient = gradient_ / weight_;
  const double own_error = error(gradient, gradient_squares_);
  // Added, since V / K is taken from the one: where V is too large, the gradient is too small.
  const double both =
      own_error + std::abs(gradient) / variance * error(variance, variance_squares_);
  const auto ratio = [&](double square) {
    return variance > largest * square ? largest : variance / square;
  };
  return {ratio(std::max(gradient, own_error)), ratio(std::max(gradient, 0.0) + 2 * both),
          ratio(std::max(gradient - 2 * both, 0.0))};
}

nlohmann::json NoiseScale::state() const {
  return {weight_, squared_weights_, variance_, gradient_, variance_squares_, gradient_squares_};
}

void NoiseScale::restore(const nlohmann::json& state) {
  state.at(0).get_to(weight_);
  state.at(1).get_to(squared_weights_);
  state.at(2).get_to(variance_);
  state.at(3).get_to(gradient_);
  state.at(4).get_to(variance_squares_);
  state.at(5).get_to(gradient_squares_);
}

}  // namespace syncline
