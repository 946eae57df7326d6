#include "race/verdict.hpp"

#include <algorithm>
#include <cstdio>

#include "base/summary.hpp"

namespace syncline {
namespace {

/// Three significant digits, as people read them.
std::string digits(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.3g", value);
  return text;
}

std::string percent(double fraction) {
  char text[32];
  std::snprintf(text, sizeof text, "%.0f %%", 100 * fraction);
  return text;
}

struct Contender {
  const Entrant* entrant;
  std::vector<double> times;
  double mean;
};

std::vector<Contender> contenders_by_time(const std::vector<Entrant>& entrants) {
  std::vector<Contender> contenders;
  for (const Entrant& entrant : entrants) {
    if (auto times = target_times(entrant)) {
      const double mean = summarise(*times).mean;
      contenders.push_back({&entrant, std::move(*times), mean});
    }
  }
  std::stable_sort(contenders.begin(), contenders.end(),
                   [](const Contender& a, const Contender& b) { return a.mean < b.mean; });
  return contenders;
}

std::vector<double> differences(const std::vector<double>& later,
                                const std::vector<double>& earlier) {
  std::vector<double> result;
  for (std::size_t i = 0; i < later.size(); ++i) result.push_back(later[i] - earlier[i]);
  return result;
}

/// The times to target, with the end of the race for a miss: a bound from below.
std::vector<double> times_at_least(const Entrant& entrant) {
  std::vector<double> times;
  for (const RunResult& run : entrant) {
    const double end = run.points.empty() ? run.elapsed : run.points.back().time;
    times.push_back(run.target_time.value_or(end));
  }
  return times;
}

/// Whether the leader beats every other entrant, seed by seed, beyond chance.
bool beats_all(const Contender& leader, const std::vector<Entrant>& entrants) {
  if (leader.times.size() < fewest_seeds) return false;
  return std::all_of(entrants.begin(), entrants.end(), [&](const Entrant& other) {
    if (&other == leader.entrant) return true;
    const auto difference = mean_interval(differences(times_at_least(other), leader.times));
    return difference && difference->lower > 0;
  });
}

/// Whether all runs were made to their end.
bool complete(const std::vector<Entrant>& entrants) {
  return std::all_of(entrants.begin(), entrants.end(), [&](const Entrant& entrant) {
    return entrant.size() == entrants.front().size() &&
           std::none_of(entrant.begin(), entrant.end(),
                        [](const RunResult& run) { return run.outcome == Outcome::interrupted; });
  });
}

double mean_of(const Entrant& entrant, double (*get)(const RunResult&)) {
  std::vector<double> values;
  for (const RunResult& run : entrant) values.push_back(get(run));
  return summarise(values).mean;
}

double runtime(const RunResult& run) {
  return run.updates > 0 ? run.elapsed / static_cast<double>(run.updates) : 0;
}

/// What an update costs and what it is worth under a policy.
std::string character(const Entrant& entrant) {
  std::string text = "one update per " + digits(mean_of(entrant, runtime)) + " time units";
  const double staleness =
      mean_of(entrant, [](const RunResult& run) { return run.staleness.mean(); });
  const double idle = mean_of(entrant, [](const RunResult& run) { return run.idle_fraction; });
  const double cancelled =
      mean_of(entrant, [](const RunResult& run) { return run.cancelled_time_fraction; });
  text += ", gradients " +
          (staleness > 0 ? digits(staleness) + " versions stale on average" : std::string("fresh"));
  text += ", workers idle " + percent(idle) + " of the time";
  if (cancelled > 0) text += " and " + percent(cancelled) + " spent on cancelled work";
  return text;
}

const Entrant* find_sync(const std::vector<Entrant>& entrants) {
  for (const Entrant& entrant : entrants) {
    if (!entrant.empty() && entrant.front().policy == "sync") return &entrant;
  }
  return nullptr;
}

std::string reason(const Entrant& leader, const Entrant* sync) {
  std::string text = " Why: " + leader.front().policy + " makes " + character(leader);
  if (sync != nullptr && sync != &leader) text += "; sync makes " + character(*sync);
  return text + ".";
}

std::string comparison(const Contender& leader, const Entrant* sync) {
  if (sync == nullptr || sync == leader.entrant) return "";
  const auto sync_times = target_times(*sync);
  if (!sync_times) return "; sync missed it within the race";
  const auto factor = speed_up(*sync_times, leader.times);
  if (!factor) return "";
  return ", " + digits(factor->mean) + " times as fast as sync (95 % interval " +
         digits(factor->lower) + " to " + digits(factor->upper) + ")";
}

}  // namespace

std::optional<std::vector<double>> target_times(const Entrant& entrant) {
  std::vector<double> times;
  for (const RunResult& run : entrant) {
    if (!run.target_time) return std::nullopt;
    times.push_back(*run.target_time);
  }
  if (times.empty()) return std::nullopt;
  return times;
}

Verdict judge(const std::vector<Entrant>& entrants, const std::string& target) {
  Verdict verdict;
  if (!complete(entrants)) {
    verdict.text = "No verdict: the race was interrupted before all of its runs were made.";
    return verdict;
  }
  const auto contenders = contenders_by_time(entrants);
  if (contenders.empty()) {
    verdict.text = "No policy reached " + target + " on every seed.";
    return verdict;
  }
  const Contender& leader = contenders.front();
  const std::string& name = leader.entrant->front().policy;
  const Entrant* sync = find_sync(entrants);
  verdict.leader = name;

  if (contenders.size() > 1) {
    verdict.runner_up = contenders[1].entrant->front().policy;
    verdict.difference = mean_interval(differences(contenders[1].times, leader.times));
  }
  const bool certain = beats_all(leader, entrants);
  const std::string lead = " reached " + target + " after " + digits(leader.mean) + " time units";
  if (certain) {
    verdict.winner = name;
    verdict.text = name + " won: it" + lead + comparison(leader, sync);
    if (verdict.runner_up) {
      verdict.text +=
          "; the runner-up, " + *verdict.runner_up + ", took " + digits(contenders[1].mean);
    }
  } else {
    verdict.text = "No winner: " + name + lead + comparison(leader, sync);
    if (leader.times.size() < fewest_seeds) {
      verdict.text += ", but " + std::to_string(fewest_seeds) + " seeds are needed to name one";
    } else {
      verdict.text += ", but its lead over the next ones is within what chance explains";
    }
  }
  verdict.text += "." + reason(*leader.entrant, sync);
  return verdict;
}

}  // namespace syncline
