#include "policy/k_variants/horizon_k.hpp"

#include <algorithm>
#include <cmath>

#include <nlohmann/json.hpp>

#include "policy/k_variants/auto_k.hpp"

namespace syncline {
namespace {

/// A window has so many updates at least: a mean over fewer still carries their noise.
constexpr std::uint64_t fewest_updates = 16;
/// After that, this share of all updates before: what matters changes with the logarithm of time.
constexpr std::uint64_t windows_per_past = 8;
/// Weights of the newest window: progress slows down as training goes on, the floor hardly changes
/// but one look at it is a single draw.
constexpr double progress_weight = 0.5;
constexpr double floor_weight = 0.25;
/// A K at which updates no longer learn is not tried again, nor one below it, before so many times
/// the time has passed: too much noise or staleness for the step size does not go away soon.
constexpr double barred_for = 4;
/// K moves only where that promises so much, as a share of the progress expected in the horizon.
constexpr double worth_moving = 0.05;

constexpr std::uint32_t train_loss = 0;
constexpr std::uint32_t average_loss = 1;

}  // namespace

namespace horizon_rule {

double expected_change(const Estimate& estimate, double horizon, double runtime, double k,
                       double f) {
  return f * (estimate.floor / k - estimate.progress * horizon / runtime);
}

}  // namespace horizon_rule

HorizonK::HorizonK(const HorizonK& other)
    : KSchedule(other),
      settings_(other.settings_),
      times_(other.times_->clone()),
      barred_(other.barred_),
      barred_until_(other.barred_until_),
      estimate_(other.estimate_),
      windows_(other.windows_),
      loss_(other.loss_),
      average_loss_(other.average_loss_),
      way_before_(other.way_before_),
      updates_(other.updates_),
      earlier_(other.earlier_) {}

std::unique_ptr<KSchedule> HorizonK::clone() const { return std::make_unique<HorizonK>(*this); }

std::vector<Measurement> HorizonK::measurements() const {
  return {{"train_loss", 0}, {"average_loss", 0}};
}

void HorizonK::began(const Begin& event, Actions&) { times_->began(event.time, event.workers); }

void HorizonK::arrived(const Arrive& event) { times_->arrived(event.worker, event.time); }

void HorizonK::stepped(const Stepped& event, std::uint64_t, const std::vector<WorkerId>& restarted,
                       Actions& actions) {
  times_->stepped(event.time, restarted);
  ++updates_;
  if (updates_ < std::max(fewest_updates, earlier_ / windows_per_past)) return;
  actions.measure(train_loss);
  actions.measure(average_loss);
}

std::uint64_t HorizonK::next(const Measured& event, std::uint64_t current, Actions& actions) {
  if (event.name == "train_loss") {
    loss_ = event.value;
    return current;
  }
  const double way = factor(static_cast<double>(current)) * static_cast<double>(updates_);
  earlier_ += updates_;
  // What is no number says nothing about K; the host stops the run for it anyway.
  if (!std::isfinite(event.value) || !std::isfinite(loss_)) {
    updates_ = 0;
    windows_ = 0;
    loss_ = 0;
    return current;
  }
  if (windows_ > 0) learn(event.value, static_cast<double>(current), way);
  average_loss_ = event.value;
  way_before_ = way;
  updates_ = 0;
  if (++windows_ < 2) return current;
  if (event.time >= barred_until_) barred_ = 0;
  const bool learns = estimate_.progress > 0;
  if (!learns) {
    barred_ = std::min(current, settings_.k_max - 1);
    barred_until_ = barred_for * event.time;
  }
  const std::uint64_t next = choose(current, event.time, actions);
  times_->forget();
  // What was seen at a K that does not learn says nothing of another.
  if (!learns && next != current) windows_ = 1;
  return next;
}

void HorizonK::learn(double average_loss, double k, double way) {
  // The first windows count alike.
  const auto weight = [&](double least) {
    return std::max(least, 1 / static_cast<double>(windows_));
  };
  const double apart = (way_before_ + way) / 2;
  const double progress = (average_loss_ - average_loss) / apart;
  estimate_.progress += weight(progress_weight) * (progress - estimate_.progress);
  // The mean of a window of n versions is (n - 1) / 2 updates behind its end.
  const double f = factor(k);
  const double without_noise = average_loss - estimate_.progress * (way - f) / 2;
  const double floor = (loss_ - without_noise) * k / f;
  estimate_.floor += weight(floor_weight) * (floor - estimate_.floor);
}

std::uint64_t HorizonK::choose(std::uint64_t current, double now, Actions& actions) const {
  const horizon_rule::Estimate known = {estimate_.progress, std::max(0.0, estimate_.floor)};
  const double horizon = settings_.horizon * now;
  const auto change = [&](std::uint64_t k) {
    const auto real = static_cast<double>(k);
    return horizon_rule::expected_change(known, horizon, times_->runtime(k, now), real,
                                         factor(real));
  };
  const auto floor = [&](std::uint64_t k) {
    return factor(static_cast<double>(k)) * known.floor / static_cast<double>(k);
  };
  auto candidates = auto_rule::candidates(current, settings_.k_min, settings_.k_max);
  // Something stays: K in use is barred only where a larger one is within reach.
  std::erase_if(candidates, [&](std::uint64_t k) { return k <= barred_; });
  const double runtime = times_->runtime(current, now);
  const double progress = factor(static_cast<double>(current)) * known.progress;
  // Without progress only the floor is left: as much synchrony as allowed.
  std::uint64_t best = candidates.back();
  if (progress > 0) {
    double least = INFINITY;
    for (const std::uint64_t k : candidates) {
      const double expected = change(k);
      if (!(expected < least)) continue;
      best = k;
      least = expected;
    }
    const double hoped = progress * horizon / runtime;
    if (!(change(current) - least >= worth_moving * hoped)) return current;
  }
  if (best == current) return current;
  actions.set("progress", progress);
  actions.set("floor", floor(current));
  actions.set("runtime", runtime);
  actions.set("next_floor", floor(best));
  actions.set("next_runtime", times_->runtime(best, now));
  return best;
}

double HorizonK::factor(double k) const {
  return settings_.step_size_factor ? settings_.step_size_factor(k) : 1;
}

nlohmann::json HorizonK::state() const {
  return {{"times", times_->state()},
          {"barred", barred_},
          {"barred_until", barred_until_},
          {"progress", estimate_.progress},
          {"floor", estimate_.floor},
          {"windows", windows_},
          {"loss", loss_},
          {"average_loss", average_loss_},
          {"updates", updates_},
          {"way_before", way_before_},
          {"earlier", earlier_}};
}

void HorizonK::restore(const nlohmann::json& state) {
  times_->restore(state.at("times"));
  state.at("barred").get_to(barred_);
  state.at("barred_until").get_to(barred_until_);
  state.at("progress").get_to(estimate_.progress);
  state.at("floor").get_to(estimate_.floor);
  state.at("windows").get_to(windows_);
  state.at("loss").get_to(loss_);
  state.at("average_loss").get_to(average_loss_);
  state.at("updates").get_to(updates_);
  state.at("way_before").get_to(way_before_);
  state.at("earlier").get_to(earlier_);
}

}  // namespace syncline
