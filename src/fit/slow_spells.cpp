#include "fit/slow_spells.hpp"

#include <algorithm>
#include <cmath>

#include "fit/fit_laws.hpp"
#include "fit/group_laws.hpp"
#include "fit/hidden_states.hpp"
#include "fit/kaplan_meier.hpp"
#include "syncline/spec.hpp"

namespace syncline {
namespace {

constexpr double level = 0.01;
// Enough for a chain of two states; more only takes longer.
constexpr std::size_t most_jobs = 6000;
// Of a state that was visited less often nothing can be said.
constexpr double fewest_visits = 2;

/// The p-value that none of the workers `left_out` leaves has bursts, by the sum of their scores.
double joint_p_value(const std::vector<OrderTests>& tests, const std::vector<bool>& left_out) {
  double score = 0;
  double variance = 0;
  for (std::size_t worker = 0; worker < tests.size(); ++worker) {
    if (left_out[worker]) continue;
    score += tests[worker].burst_score;
    variance += tests[worker].burst_variance;
  }
  return variance > 0 ? upper_tail(score / std::sqrt(variance)) : 1;
}

/// Those with evidence of their own; all, if the others have it together, or are fewer.
std::vector<std::uint32_t> suspects(const std::vector<OrderTests>& tests) {
  std::vector<bool> evident(tests.size());
  for (std::size_t worker = 0; worker < tests.size(); ++worker) {
    evident[worker] = tests[worker].burst_p_value < level / static_cast<double>(tests.size());
  }
  const auto count = static_cast<std::size_t>(std::count(evident.begin(), evident.end(), true));
  const bool all = count * 2 > tests.size() || joint_p_value(tests, evident) < level;
  std::vector<std::uint32_t> workers;
  for (std::uint32_t worker = 0; worker < tests.size(); ++worker) {
    if (all || evident[worker]) workers.push_back(worker);
  }
  return workers;
}

/// A time that is typical of a group: its median, or the highest quantile seen.
double typical_time(const AlikeWorkers& group, const std::vector<std::vector<Timing>>& by_worker) {
  std::vector<Timing> jobs;
  for (const std::uint32_t worker : group.workers) {
    jobs.insert(jobs.end(), by_worker[worker].begin(), by_worker[worker].end());
  }
  const KaplanMeier observed{Sample(jobs)};
  if (observed.reach() <= 0) return 1;
  return observed.quantile(std::min(0.5, observed.reach()));
}

std::string number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.4g", value);
  return text;
}

/// The groups' laws of jobs with the slowness taken out, for the workers in `sequences`.
std::string normal_law(const std::vector<std::uint32_t>& workers,
                       const std::vector<JobSequence>& sequences, const HiddenStates& states,
                       const std::vector<AlikeWorkers>& groups) {
  std::vector<std::vector<Timing>> normal(sequences.size());
  for (std::size_t i = 0; i < sequences.size(); ++i) {
    normal[i] = sequences[i].jobs;
    for (std::size_t job = 0; job < normal[i].size(); ++job) {
      if (states.slow[i][job]) normal[i][job].seconds /= states.factor;
    }
  }
  std::vector<AlikeWorkers> kept;
  for (const auto& group : groups) {
    AlikeWorkers part;
    std::vector<Timing> jobs;
    for (std::uint32_t i = 0; i < sequences.size(); ++i) {
      if (std::find(group.workers.begin(), group.workers.end(), workers[i]) ==
          group.workers.end()) {
        continue;
      }
      part.workers.push_back(i);
      jobs.insert(jobs.end(), normal[i].begin(), normal[i].end());
    }
    if (part.workers.empty()) continue;
    part.fit = fit_group(jobs, "the normal state");
    kept.push_back(std::move(part));
  }
  choose_laws(kept, normal);
  if (kept.size() == 1) return kept.front().law;
  return fleet_text(kept, static_cast<std::uint32_t>(sequences.size()));
}

}  // namespace

double fleet_burst_p_value(const std::vector<OrderTests>& tests) {
  double smallest = 1;
  for (const auto& test : tests) smallest = std::min(smallest, test.burst_p_value);
  const double single = smallest * static_cast<double>(tests.size());
  return std::min(1.0, 2 * std::min(single, joint_p_value(tests, std::vector<bool>(tests.size()))));
}

std::optional<SlowStates> find_slow_states(const std::vector<std::vector<Timing>>& by_worker,
                                           const std::vector<OrderTests>& tests,
                                           const std::vector<AlikeWorkers>& groups) {
  if (fleet_burst_p_value(tests) >= level) return std::nullopt;
  SlowStates result;
  std::vector<JobSequence> sequences;
  std::size_t jobs = 0;
  std::vector<double> units(by_worker.size(), 1);
  for (const auto& group : groups) {
    const double unit = typical_time(group, by_worker);
    for (const std::uint32_t worker : group.workers) units[worker] = unit;
  }
  std::vector<std::uint32_t> looked_at;
  for (const std::uint32_t worker : suspects(tests)) {
    result.workers.push_back(worker);
    if (jobs >= most_jobs || by_worker[worker].empty()) continue;
    looked_at.push_back(worker);
    sequences.push_back({by_worker[worker], units[worker]});
    jobs += by_worker[worker].size();
  }
  const auto states = fit_hidden_states(sequences);
  if (!states || states->visits < fewest_visits) return std::nullopt;
  result.mean_normal = states->mean_normal;
  result.mean_slow = states->mean_slow;
  result.factor = states->factor;
  result.slowness = to_text({"markov",
                             {{"mean_normal", number(result.mean_normal)},
                              {"mean_slow", number(result.mean_slow)},
                              {"factor", number(result.factor)}}});
  result.delay = normal_law(looked_at, sequences, *states, groups);
  return result;
}

}  // namespace syncline
