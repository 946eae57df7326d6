#include "policy/k_variants/auto_k.hpp"

#include <algorithm>
#include <cmath>

#include <nlohmann/json.hpp>

namespace syncline {
namespace {

/// A window has so many updates at least: the fall of the loss over fewer is mostly chance.
constexpr std::uint64_t fewest_updates = 8;
/// The first windows are short: so many gradients of each worker, then half of all that were made,
/// until that is `interval`. How soon K is right matters most at the start.
constexpr std::uint64_t shortest_interval = 2;
/// The gain is remembered over so many updates: near the noise floor the loss wanders, and over
/// fewer updates that would be taken for a gain or a loss.
constexpr double gain_memory = 192;
/// Weight of the newest draw of the noise cost. It changes slowly, and one draw says little.
constexpr double noise_weight = 0.125;
/// K moves only where that promises so much more speed, lest it flutter.
constexpr double worth_moving = 1.1;
/// Above so many candidates, a ladder.
constexpr std::uint64_t most_candidates = 24;
constexpr double rungs_per_doubling = 8;

constexpr std::uint32_t train_loss = 0;
constexpr std::uint32_t noise_cost = 1;

}  // namespace

namespace auto_rule {

double fall(const Estimate& estimate, double k, double f) {
  return f * (estimate.gain - f * estimate.noise / k);
}

std::vector<std::uint64_t> candidates(std::uint64_t current, std::uint64_t k_min,
                                      std::uint64_t k_max) {
  const std::uint64_t low = std::max(k_min, (current + 1) / 2);
  const std::uint64_t high = std::min(k_max, 2 * current);
  std::vector<std::uint64_t> result;
  if (high - low < most_candidates) {
    for (std::uint64_t k = low; k <= high; ++k) result.push_back(k);
    return result;
  }
  for (double rung = -rungs_per_doubling; rung <= rungs_per_doubling; ++rung) {
    const double k = static_cast<double>(current) * std::exp2(rung / rungs_per_doubling);
    result.push_back(std::clamp(static_cast<std::uint64_t>(std::llround(k)), low, high));
  }
  result.erase(std::unique(result.begin(), result.end()), result.end());
  return result;
}

}  // namespace auto_rule

AutoK::AutoK(const AutoK& other)
    : KSchedule(other),
      settings_(other.settings_),
      times_(other.times_->clone()),
      estimate_(other.estimate_),
      windows_(other.windows_),
      loss_before_(other.loss_before_),
      loss_(other.loss_),
      updates_(other.updates_),
      gradients_(other.gradients_),
      earlier_(other.earlier_) {}

std::unique_ptr<KSchedule> AutoK::clone() const { return std::make_unique<AutoK>(*this); }

std::vector<Measurement> AutoK::measurements() const {
  return {{"train_loss", 0}, {"noise_cost", 0}};
}

void AutoK::began(const Begin& event, Actions& actions) {
  times_->began(event.time, event.workers);
  actions.measure(train_loss);
}

void AutoK::arrived(const Arrive& event) { times_->arrived(event.worker, event.time); }

void AutoK::stepped(const Stepped& event, std::uint64_t k, const std::vector<WorkerId>& restarted,
                    Actions& actions) {
  times_->stepped(event.time, restarted);
  ++updates_;
  gradients_ += k;
  if (!window_over()) return;
  actions.measure(train_loss);
  actions.measure(noise_cost);
}

bool AutoK::window_over() const {
  const std::uint64_t longest = settings_.interval * settings_.workers;
  const std::uint64_t shortest = std::min(shortest_interval * settings_.workers, longest);
  return updates_ >= fewest_updates && gradients_ >= std::clamp(earlier_ / 2, shortest, longest);
}

std::uint64_t AutoK::next(const Measured& event, std::uint64_t current, Actions& actions) {
  if (event.name == "train_loss") {
    loss_ = event.value;
    if (updates_ == 0) loss_before_ = loss_;
    return current;
  }
  const auto updates = static_cast<double>(updates_);
  const double loss_fall = (loss_before_ - loss_) / updates;
  loss_before_ = loss_;
  earlier_ += gradients_;
  updates_ = 0;
  gradients_ = 0;
  // What is no number says nothing about K; the host stops the run for it anyway.
  if (!std::isfinite(loss_fall) || !std::isfinite(event.value)) return current;
  learn(loss_fall, event.value, current, updates);
  const std::uint64_t next = choose(current, event.time, actions);
  times_->forget();
  return next;
}

void AutoK::learn(double loss_fall, double noise, std::uint64_t k, double updates) {
  const double f = factor(k);
  ++windows_;
  // The first windows count alike.
  const auto weight = [&](double least) {
    return std::max(least, 1 / static_cast<double>(windows_));
  };
  estimate_.noise += weight(noise_weight) * (noise / (f * f) - estimate_.noise);
  // The noise as it is known by now: a single draw would make the gain as uncertain as itself.
  const double gain = loss_fall / f + f * estimate_.noise / static_cast<double>(k);
  estimate_.gain += weight(1 - std::exp(-updates / gain_memory)) * (gain - estimate_.gain);
}

std::uint64_t AutoK::choose(std::uint64_t current, double now, Actions& actions) const {
  const auto fall = [&](std::uint64_t k) {
    return auto_rule::fall(estimate_, static_cast<double>(k), factor(k));
  };
  const auto candidates = auto_rule::candidates(current, settings_.k_min, settings_.k_max);
  // Where no K is expected to lower the loss, noise or staleness rule: as much synchrony as
  // allowed.
  std::uint64_t best = candidates.back();
  double best_speed = 0;
  for (const std::uint64_t k : candidates) {
    const double speed = fall(k) / times_->runtime(k, now);
    if (speed <= best_speed) continue;
    best = k;
    best_speed = speed;
  }
  const double runtime = times_->runtime(current, now);
  if (best == current || (best_speed > 0 && best_speed < worth_moving * fall(current) / runtime)) {
    return current;
  }
  const double f = factor(current);
  actions.set("loss_fall", fall(current));
  actions.set("noise_loss", f * f * estimate_.noise / static_cast<double>(current));
  actions.set("runtime", runtime);
  actions.set("next_loss_fall", fall(best));
  actions.set("next_runtime", times_->runtime(best, now));
  return best;
}

double AutoK::factor(std::uint64_t k) const {
  return settings_.step_size_factor ? settings_.step_size_factor(static_cast<double>(k)) : 1;
}

nlohmann::json AutoK::state() const {
  return {{"times", times_->state()}, {"gain", estimate_.gain},      {"noise", estimate_.noise},
          {"windows", windows_},      {"loss_before", loss_before_}, {"loss", loss_},
          {"earlier", earlier_},      {"updates", updates_},         {"gradients", gradients_}};
}

void AutoK::restore(const nlohmann::json& state) {
  times_->restore(state.at("times"));
  state.at("gain").get_to(estimate_.gain);
  state.at("noise").get_to(estimate_.noise);
  state.at("windows").get_to(windows_);
  state.at("loss_before").get_to(loss_before_);
  state.at("loss").get_to(loss_);
  state.at("updates").get_to(updates_);
  state.at("gradients").get_to(gradients_);
  state.at("earlier").get_to(earlier_);
}

}  // namespace syncline
