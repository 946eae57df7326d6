#include "policy/k_variants/adasync.hpp"

#include <algorithm>
#include <cmath>

#include <nlohmann/json.hpp>

namespace syncline {
namespace adasync {

double square_root_rule(double k0, double loss_ratio) { return k0 * std::sqrt(loss_ratio); }

double quadratic_rule(double k0, double loss_ratio, double workers) {
  if (k0 >= workers) return workers;
  const double b = k0 * k0 * loss_ratio / (workers - k0);
  // (-b + sqrt(b^2 + 4bP)) / 2 without its cancellation at large b: the limit is P.
  return 2 * workers / (1 + std::sqrt(1 + 4 * workers / b));
}

double general_rule(double k0, double loss_ratio, const std::vector<double>& runtimes) {
  const std::size_t last = runtimes.size();
  const auto at = static_cast<std::size_t>(k0);
  const std::size_t low = at > 1 ? at - 1 : at;
  const std::size_t high = at < last ? at + 1 : at;
  if (high == low) return k0;
  const double slope = (runtimes[high - 1] - runtimes[low - 1]) / static_cast<double>(high - low);
  const double weight = k0 * k0 * slope;
  // The bound times min(1, r), which is finite also where r is zero or infinite.
  const double time_share = std::min(1.0, 1 / loss_ratio);
  const double noise_share = std::min(1.0, loss_ratio);
  double best = 1;
  double best_bound = INFINITY;
  for (std::size_t k = 1; k <= last; ++k) {
    const double noise = weight / static_cast<double>(k);
    const double bound = time_share * runtimes[k - 1] + noise_share * noise;
    // Where more synchrony costs nothing, it is taken.
    if (bound <= best_bound) {
      best_bound = bound;
      best = static_cast<double>(k);
    }
  }
  return best;
}

}  // namespace adasync

std::unique_ptr<KSchedule> AdaSync::clone() const { return std::make_unique<AdaSync>(*this); }

std::vector<Measurement> AdaSync::measurements() const {
  return {{"train_loss", settings_.interval}};
}

std::uint64_t AdaSync::next(const Measured& event, std::uint64_t current, Actions&) {
  if (!has_initial_loss_) {
    has_initial_loss_ = true;
    initial_loss_ = event.value;
    return current;
  }
  // A loss that is no number says nothing about K; the host stops the run for it anyway.
  if (!std::isfinite(event.value) || !std::isfinite(initial_loss_)) return current;
  // At a loss of zero nothing but noise is left: as much synchrony as allowed.
  if (event.value <= 0) return std::max(current, settings_.k_max);

  // A first loss below zero (rounding of F - F*) is as good as zero: since then the loss has risen.
  const double ratio = std::max(initial_loss_, 0.0) / event.value;
  const auto k0 = static_cast<double>(settings_.k0);
  double k = k0;
  switch (settings_.rule) {
    case Rule::square_root:
      k = adasync::square_root_rule(k0, ratio);
      break;
    case Rule::quadratic:
      k = adasync::quadratic_rule(k0, ratio, static_cast<double>(settings_.workers));
      break;
    case Rule::general:
      k = adasync::general_rule(k0, ratio, settings_.runtimes);
      break;
  }
  const double clamped = std::clamp(std::round(k), 1.0, static_cast<double>(settings_.k_max));
  const auto next = static_cast<std::uint64_t>(clamped);
  return settings_.monotone ? std::max(next, current) : next;
}

nlohmann::json AdaSync::state() const {
  return {{"has_initial_loss", has_initial_loss_}, {"initial_loss", initial_loss_}};
}

void AdaSync::restore(const nlohmann::json& state) {
  has_initial_loss_ = state.at("has_initial_loss").get<bool>();
  initial_loss_ = state.at("initial_loss").get<double>();
}

}  // namespace syncline
