#include "policy/automatic/candidate_time.hpp"

#include <algorithm>
#include <limits>

#include "policy/automatic/candidates.hpp"

namespace syncline {
namespace {

constexpr double as_good = 1.02;

Evidence half_of(const Evidence& evidence, std::size_t first) {
  Evidence half = {{}, evidence.down, evidence.context};
  for (const std::vector<double>& all : evidence.samples) {
    std::vector<double>& kept = half.samples.emplace_back();
    for (std::size_t i = first; i < all.size(); i += 2) kept.push_back(all[i]);
  }
  return half;
}

}  // namespace

double CandidateTime::updates(double noise_scale) const {
  return 1 + replayed.staleness + noise_scale / replayed.gradients;
}

double CandidateTime::time(double noise_scale) const {
  if (!(replayed.gradients > 0)) return std::numeric_limits<double>::infinity();
  return replayed.runtime * updates(noise_scale);
}

CandidateTime candidate_time(const std::string& family, const std::string& policy,
                             const Evidence& evidence) {
  return {family, policy,
          replay(*make_policy(policy, evidence.context), evidence.samples, evidence.down)};
}

std::vector<CandidateTime> candidate_times(const Evidence& evidence, double noise_scale,
                                           const std::string& also) {
  std::vector<CandidateTime> all;
  bool missing = !also.empty();
  for (const Family& family : families()) {
    if (evidence.context.unlike_data ? !family.for_unlike_data : !family.for_like_data) continue;
    for (const std::string& text : family.texts({evidence.context.workers, noise_scale})) {
      all.push_back(candidate_time(family.name, text, evidence));
      if (text == also) missing = false;
    }
  }
  if (missing) all.push_back(candidate_time(parse_spec(also).name, also, evidence));
  double least = std::numeric_limits<double>::infinity();
  for (const CandidateTime& one : all) least = std::min(least, one.time(noise_scale));
  const auto rank = [&](const CandidateTime& one) {
    return std::max(one.time(noise_scale), as_good * least);
  };
  std::stable_sort(all.begin(), all.end(), [&](const CandidateTime& a, const CandidateTime& b) {
    return rank(a) < rank(b);
  });
  return all;
}

bool faster_in_both_halves(const CandidateTime& a, const CandidateTime& b, const Evidence& evidence,
                           double noise_scale) {
  for (const std::size_t first : {0U, 1U}) {
    const Evidence half = half_of(evidence, first);
    if (!(candidate_time(a.family, a.policy, half).time(noise_scale) <
          candidate_time(b.family, b.policy, half).time(noise_scale))) {
      return false;
    }
  }
  return true;
}

}  // namespace syncline
