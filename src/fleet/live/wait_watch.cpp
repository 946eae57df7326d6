#include "fleet/live/wait_watch.hpp"

#include <cstdio>

#include <nlohmann/json.hpp>

namespace syncline {
namespace {

/// Seconds before a wait is told again.
constexpr double first_pause = 30;
/// Workers that are named.
constexpr std::size_t most_named = 8;

std::string as_time(double time) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f s", time);
  return text;
}

}  // namespace

void WaitWatch::look(const Host& host, double time) {
  if (host.waits_for().empty()) {
    since_.reset();
    told_.clear();
  } else if (!since_) {
    since_ = time;
  }
}

std::optional<std::string> WaitWatch::news(const Host& host, double time) {
  look(host, time);
  if (!since_) return std::nullopt;
  std::vector<WorkerId> awaited = host.waits_for();
  if (awaited == told_) {
    if (time < again_) return std::nullopt;
    pause_ *= 2;
  } else {
    told_ = std::move(awaited);
    pause_ = first_pause;
  }
  again_ = time + pause_;
  return text(host);
}

std::string WaitWatch::text(const Host& host) const {
  std::string text = "update " + std::to_string(host.version() + 1) + " waits since " +
                     as_time(*since_) + " of the run: ";
  const std::uint64_t held = host.account().held;
  const Requirements requirements = host.policy().requirements();
  const bool several = requirements.payloads_per_step > 1;
  if (held > 0 || several) {
    text += std::to_string(held);
    if (several) text += " of at least " + std::to_string(requirements.payloads_per_step);
    text += several || held != 1 ? " gradients are there, " : " gradient is there, ";
  }
  text += "nobody computes, and the policy waits for";
  bool all_down = true;
  for (WorkerId worker = 0; worker < host.workers(); ++worker) all_down &= host.down(worker);
  const char* separator = " ";
  for (std::size_t i = 0; i < told_.size() && i < most_named; ++i) {
    text += separator + ("worker " + std::to_string(told_[i])) + " (down since " +
            as_time(down_since_[told_[i]]) + ")";
    separator = ", ";
  }
  if (told_.size() > most_named) {
    text += " and " + std::to_string(told_.size() - most_named) + " more that are down";
  }
  if (all_down) return text + "; start workers";
  // Policies that count different workers can do with fewer, if they may.
  if (several && requirements.distinct_workers) {
    return text + "; start workers (where the policy can, --on-shortage shrink goes on with fewer)";
  }
  return text + "; start workers";
}

nlohmann::json WaitWatch::state() const { return down_since_; }

void WaitWatch::restore(const nlohmann::json& state) { state.get_to(down_since_); }

}  // namespace syncline
