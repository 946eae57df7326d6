#include "policy/automatic/decision.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <numeric>

namespace syncline {
namespace {

/// A switch costs the jobs under way, and the forecasts are no better than this.
constexpr double worth_switching = 1.1;
/// Families whose best candidates are named.
constexpr std::size_t named = 4;

std::string digits(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.3g", value);
  return text;
}

/// "S = 12.3 (8.1 to 20.5), a job takes 1.02 (0.97 to 5.1 by worker)".
std::string estimates(const Evidence& evidence, const NoiseScale::Estimate& noise) {
  std::vector<double> means;
  for (std::size_t worker = 0; worker < evidence.samples.size(); ++worker) {
    const std::vector<double>& samples = evidence.samples[worker];
    if (evidence.down[worker]) continue;
    means.push_back(std::accumulate(samples.begin(), samples.end(), 0.0) /
                    static_cast<double>(samples.size()));
  }
  std::string text =
      "S = " + digits(noise.scale) + " (" + digits(noise.low) + " to " + digits(noise.high) + ")";
  if (means.empty()) return text;
  std::sort(means.begin(), means.end());
  return text + ", a job takes " + digits(means[(means.size() - 1) / 2]) + " (" +
         digits(means.front()) + " to " + digits(means.back()) + " by worker)";
}

/// The best of each family, as far as they are named, and the one in use.
std::string leaders(const std::vector<CandidateTime>& ranked, double scale,
                    const std::string& current) {
  std::string text;
  std::vector<std::string> seen;
  for (const CandidateTime& forecast : ranked) {
    const bool known = std::find(seen.begin(), seen.end(), forecast.family) != seen.end();
    const bool leads = !known && seen.size() < named;
    if (!leads && forecast.policy != current) continue;
    seen.push_back(forecast.family);
    text += (text.empty() ? "" : ", ") + forecast.policy + " " + digits(forecast.time(scale));
  }
  return text;
}

bool beyond_doubt(const CandidateTime& best, const CandidateTime& now, const Evidence& evidence,
                  const NoiseScale::Estimate& noise) {
  return best.time(noise.low) < now.time(noise.low) &&
         best.time(noise.high) < now.time(noise.high) &&
         faster_in_both_halves(best, now, evidence, noise.scale);
}

}  // namespace

Decision decide(const Evidence& evidence, const NoiseScale::Estimate& noise,
                const std::string& current) {
  const std::vector<CandidateTime> ranked = candidate_times(evidence, noise.scale, current);
  const CandidateTime& best = ranked.front();
  const std::string known = estimates(evidence, noise) +
                            "; predicted times, in units of L Delta / "
                            "epsilon: " +
                            leaders(ranked, noise.scale, current) + "; ";
  if (current.empty()) return {best, known + "runs " + best.policy + ", the least"};
  const CandidateTime& now =
      *std::find_if(ranked.begin(), ranked.end(),
                    [&](const CandidateTime& forecast) { return forecast.policy == current; });
  if (best.policy == current) return {now, known + "stays with " + current + ", the least"};
  const double least = best.time(noise.scale);
  const double saved = std::isfinite(now.time(noise.scale)) ? 1 - least / now.time(noise.scale) : 1;
  const std::string gain = "would save " + digits(100 * saved) + " %";
  if (worth_switching * least > now.time(noise.scale)) {
    return {now, known + "stays with " + current + ": " + best.policy + " " + gain +
                     ", too little for a switch"};
  }
  if (!beyond_doubt(best, now, evidence, noise)) {
    return {now, known + "stays with " + current + ": that " + best.policy + " " + gain +
                     " is within the errors of the estimates"};
  }
  return {best, known + "switches from " + current + " to " + best.policy + ", which " + gain};
}

}  // namespace syncline
