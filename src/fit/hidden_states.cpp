#include "fit/hidden_states.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "fit/families.hpp"

namespace syncline {
namespace {

using Pair = std::array<double, 2>;

constexpr int most_steps = 150;
constexpr double close_enough = 1e-3;  // of the log-likelihood
constexpr double least_factor = 1.2;
// Where jobs are that even, the two states are told apart all the same, and powers stay finite.
constexpr double largest_shape = 60;
// Between these an estimate is an estimate; outside the chain never leaves or never stays.
constexpr double least_chance = 1e-6;

struct Observation {
  double log_time = 0;
  double seconds_to_next = 0;  ///< 0 for the last job of a sequence
  bool censored = false;
};

struct Chain {
  double to_slow = 0.05;  ///< chance that the job after a normal one is slow
  double to_normal = 0.3;
  Pair log_scale{};  ///< normal, slow
  double shape = 1;
};

/// Sums over all jobs that the next step needs.
struct Expected {
  double log_likelihood = 0;
  Pair events{};
  Pair exits{};
  Pair stays{};  ///< jobs with a successor
  Pair seconds{};
  std::vector<Pair> weights;  ///< by job
};

std::vector<Observation> observations(const JobSequence& sequence) {
  std::vector<Observation> result;
  for (std::size_t i = 0; i < sequence.jobs.size(); ++i) {
    const Timing& job = sequence.jobs[i];
    Observation seen{std::log(job.seconds / sequence.unit), 0, job.censored};
    if (i + 1 < sequence.jobs.size()) {
      const double gap = sequence.jobs[i + 1].start - job.start;
      seen.seconds_to_next = gap > 0 ? gap : job.seconds;
    }
    result.push_back(seen);
  }
  return result;
}

/// Forward and backward through one sequence, scaled at each job; adds to `sum`.
void expect(const std::vector<Observation>& jobs, const Chain& chain, Expected& sum) {
  const std::size_t n = jobs.size();
  const double a = chain.to_slow;
  const double b = chain.to_normal;
  std::vector<Pair> density(n);
  std::vector<Pair> forward(n);
  std::vector<double> scale(n);
  for (std::size_t i = 0; i < n; ++i) {
    Pair logs;
    for (int s = 0; s < 2; ++s) {
      const double z = chain.shape * (jobs[i].log_time - chain.log_scale[s]);
      logs[s] = -std::exp(z) + (jobs[i].censored ? 0 : z + std::log(chain.shape));
    }
    const double larger = std::max(logs[0], logs[1]);
    density[i] = {std::exp(logs[0] - larger), std::exp(logs[1] - larger)};
    // A sequence begins in the long-run shares.
    const Pair prior = i == 0 ? Pair{b / (a + b), a / (a + b)}
                              : Pair{forward[i - 1][0] * (1 - a) + forward[i - 1][1] * b,
                                     forward[i - 1][0] * a + forward[i - 1][1] * (1 - b)};
    forward[i] = {prior[0] * density[i][0], prior[1] * density[i][1]};
    scale[i] = forward[i][0] + forward[i][1];
    forward[i] = {forward[i][0] / scale[i], forward[i][1] / scale[i]};
    sum.log_likelihood += std::log(scale[i]) + larger - (jobs[i].censored ? 0 : jobs[i].log_time);
  }
  Pair backward = {1, 1};
  const std::size_t first = sum.weights.size();
  sum.weights.resize(first + n);
  for (std::size_t i = n; i-- > 0;) {
    const Pair weight = {forward[i][0] * backward[0], forward[i][1] * backward[1]};
    sum.weights[first + i] = weight;
    for (int s = 0; s < 2; ++s) {
      if (!jobs[i].censored) sum.events[s] += weight[s];
      sum.seconds[s] += weight[s] * jobs[i].seconds_to_next;
    }
    if (i == 0) break;
    const Pair ahead = {density[i][0] * backward[0] / scale[i],
                        density[i][1] * backward[1] / scale[i]};
    const Pair& here = forward[i - 1];
    sum.exits[0] += here[0] * a * ahead[1];
    sum.exits[1] += here[1] * b * ahead[0];
    sum.stays[0] += here[0] * (1 - a) * ahead[0];
    sum.stays[1] += here[1] * (1 - b) * ahead[1];
    backward = {(1 - a) * ahead[0] + a * ahead[1], b * ahead[0] + (1 - b) * ahead[1]};
  }
}

/// The weighted fit of the Weibull laws, from the old shape by one Newton step: the profile over
/// both scales, D_s (log k - log(W_s(k) / D_s)) + (k - 1) sum of log x, is concave in k.
void maximise_laws(const std::vector<Observation>& jobs, const Expected& sum, Chain& chain) {
  Pair w{};
  Pair wl{};
  Pair wll{};
  double logs = 0;
  const auto add = [&](double shape) {
    w = wl = wll = {};
    for (std::size_t i = 0; i < jobs.size(); ++i) {
      const double power = std::exp(shape * jobs[i].log_time);
      for (int s = 0; s < 2; ++s) {
        const double part = sum.weights[i][s] * power;
        w[s] += part;
        wl[s] += part * jobs[i].log_time;
        wll[s] += part * jobs[i].log_time * jobs[i].log_time;
      }
    }
  };
  for (const auto& job : jobs) logs += job.censored ? 0 : job.log_time;
  add(chain.shape);
  double slope = logs;
  double curve = 0;
  for (int s = 0; s < 2; ++s) {
    const double mean = wl[s] / w[s];
    slope += sum.events[s] * (1 / chain.shape - mean);
    curve -= sum.events[s] * (1 / (chain.shape * chain.shape) + wll[s] / w[s] - mean * mean);
  }
  // At most a factor of two at once: the first guess may be far off.
  chain.shape = std::clamp(chain.shape - slope / curve, chain.shape / 2,
                           std::min(chain.shape * 2, largest_shape));
  add(chain.shape);
  for (int s = 0; s < 2; ++s) chain.log_scale[s] = std::log(w[s] / sum.events[s]) / chain.shape;
}

struct Trained {
  Chain chain;
  Expected sum;
};

std::optional<Trained> train(const std::vector<std::vector<Observation>>& sequences,
                             const std::vector<Observation>& all, Chain chain) {
  double before = impossible;
  for (int step = 0; step < most_steps; ++step) {
    Expected sum;
    for (const auto& jobs : sequences) expect(jobs, chain, sum);
    if (!std::isfinite(sum.log_likelihood)) return std::nullopt;
    if (!(sum.events[0] > 1 && sum.events[1] > 1)) return std::nullopt;
    if (step > 10 && sum.log_likelihood - before < close_enough) return Trained{chain, sum};
    before = sum.log_likelihood;
    const auto chance = [&](int s) {
      return std::clamp(sum.exits[s] / (sum.exits[s] + sum.stays[s]), least_chance,
                        1 - least_chance);
    };
    chain.to_slow = chance(0);
    chain.to_normal = chance(1);
    maximise_laws(all, sum, chain);
  }
  Expected sum;
  for (const auto& jobs : sequences) expect(jobs, chain, sum);
  return Trained{chain, sum};
}

/// The log-likelihood of one state: a Weibull law for all jobs.
double single_likelihood(const std::vector<JobSequence>& sequences) {
  std::vector<Timing> jobs;
  for (const auto& sequence : sequences) {
    for (Timing job : sequence.jobs) {
      job.seconds /= sequence.unit;
      jobs.push_back(job);
    }
  }
  const auto fit = fit_weibull(Sample(jobs));
  return fit ? fit->log_likelihood : impossible;
}

}  // namespace

std::optional<HiddenStates> fit_hidden_states(const std::vector<JobSequence>& input) {
  std::vector<std::vector<Observation>> sequences;
  std::vector<Observation> all;
  for (const auto& sequence : input) {
    sequences.push_back(observations(sequence));
    all.insert(all.end(), sequences.back().begin(), sequences.back().end());
  }
  std::optional<Trained> best;
  for (const double factor : {2.0, 5.0, 15.0}) {
    Chain chain;
    chain.log_scale = {std::log(0.8), std::log(0.8 * factor)};
    auto trained = train(sequences, all, chain);
    if (!trained) continue;
    if (!best || trained->sum.log_likelihood > best->sum.log_likelihood) best = std::move(trained);
  }
  if (!best) return std::nullopt;
  // Three more parameters than one state has: scale and the two chances.
  const double gain = 2 * (best->sum.log_likelihood - single_likelihood(input));
  const double events = best->sum.events[0] + best->sum.events[1];
  const Chain& chain = best->chain;
  const bool swapped = chain.log_scale[0] > chain.log_scale[1];
  const int normal = swapped ? 1 : 0;
  const int slow = 1 - normal;
  HiddenStates states;
  states.factor = std::exp(chain.log_scale[slow] - chain.log_scale[normal]);
  states.visits = best->sum.exits[normal];
  if (gain < 3 * std::log(events) || states.factor < least_factor) return std::nullopt;
  if (best->sum.exits[0] <= 0 || best->sum.exits[1] <= 0) return std::nullopt;
  states.mean_normal = best->sum.seconds[normal] / best->sum.exits[normal];
  states.mean_slow = best->sum.seconds[slow] / best->sum.exits[slow];
  std::size_t job = 0;
  for (const auto& jobs : sequences) {
    auto& flags = states.slow.emplace_back();
    for (std::size_t i = 0; i < jobs.size(); ++i, ++job) {
      flags.push_back(best->sum.weights[job][slow] > 0.5);
    }
  }
  return states;
}

}  // namespace syncline
