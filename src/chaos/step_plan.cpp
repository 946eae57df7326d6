#include "chaos/step_plan.hpp"

#include <limits>
#include <utility>

#include "chaos/fault_draw.hpp"
#include "syncline/error.hpp"

namespace syncline {
namespace {

/// No workers have these numbers, nor does the plan by times use them.
constexpr std::uint32_t shuffler = std::numeric_limits<std::uint32_t>::max() - 1;
constexpr std::uint32_t drawer = shuffler - 1, first_moment = shuffler - 2;
constexpr std::uint64_t most_rounds = 1000;

void check(const FaultPlanSettings& settings) {
  if (settings.kills > 0) {
    throw ConfigError("--kills ends faults that come at random times; with --at give --rounds");
  }
  if (settings.rounds < 1 || settings.rounds > most_rounds) {
    throw ConfigError("--rounds must be from 1 to 1000");
  }
  if (settings.tls) {
    throw ConfigError(
        "--at: steps of the protocol are read from what passes, which TLS hides; leave --tls out");
  }
}

struct Pair {
  std::size_t message;
  FaultKind kind;
};

/// Fisher and Yates: every order is as likely as any other.
void shuffle(std::vector<Pair>& pairs, std::uint64_t seed, std::uint64_t round) {
  DrawStream draws(Stream::clients, {seed, shuffler, round});
  for (std::size_t left = pairs.size(); left > 1; --left) {
    std::swap(pairs[left - 1], pairs[draws.below(left)]);
  }
}

bool begins_passed(std::uint64_t seed, const Pair& pair) {
  const auto number = pair.message * fault_kind_count + static_cast<std::size_t>(pair.kind);
  return DrawStream(Stream::clients, {seed, first_moment, number}).below(2) == 1;
}

}  // namespace

std::vector<PlannedFault> make_step_plan(const FaultPlanSettings& settings) {
  check(settings);
  std::vector<Pair> pairs;
  for (const std::size_t message : settings.messages) {
    for (const FaultKind kind : settings.kinds) pairs.push_back({message, kind});
  }
  std::vector<PlannedFault> plan;
  for (std::uint64_t round = 0; round < settings.rounds; ++round) {
    shuffle(pairs, settings.seed, round);
    for (const Pair& pair : pairs) {
      DrawStream draws(Stream::clients, {settings.seed, drawer, plan.size()});
      PlannedFault fault = draw_fault(pair.kind, settings, draws);
      const bool other_moment = round % 2 == 1;
      fault.step = {pair.message, begins_passed(settings.seed, pair) != other_moment};
      if (row_of(pair.kind).target == FaultTarget::worker) fault.worker = PlannedFault::whoever;
      plan.push_back(fault);
    }
  }
  return plan;
}

}  // namespace syncline
