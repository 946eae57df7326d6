#include "fit/group_laws.hpp"

#include <algorithm>
#include <limits>
#include <map>

#include "fit/fit_laws.hpp"

namespace syncline {
namespace {

constexpr double strong_evidence = 6;

std::string family_of(const std::string& law) { return law.substr(0, law.find('(')); }

/// The family with the smallest sum of BIC over all groups, of those that fit each of them.
std::string common_family(std::span<const AlikeWorkers> groups) {
  std::map<std::string, double> sums;
  std::size_t fitted = 0;
  std::map<std::string, std::size_t> counts;
  for (const auto& group : groups) {
    fitted += group.fit.laws.empty() ? 0 : 1;
    for (const LawFit& fit : group.fit.laws) {
      sums[family_of(fit.law)] += fit.bic;
      ++counts[family_of(fit.law)];
    }
  }
  std::string best;
  for (const auto& [family, sum] : sums) {
    if (counts[family] == fitted && (best.empty() || sum < sums[best])) best = family;
  }
  return best;
}

std::string rough_law(const AlikeWorkers& group,
                      const std::vector<std::vector<Timing>>& by_worker) {
  double exposure = 0;
  double events = 0;
  for (const std::uint32_t worker : group.workers) {
    for (const Timing& job : by_worker[worker]) {
      exposure += job.seconds;
      events += job.censored ? 0 : 1;
    }
  }
  const double rate = std::max(events, 1.0) / exposure;
  return fitted_text("exponential", {{"rate", rate, 0, std::numeric_limits<double>::infinity()}});
}

}  // namespace

void choose_laws(std::vector<AlikeWorkers>& groups,
                 const std::vector<std::vector<Timing>>& by_worker) {
  const std::string family = common_family(groups);
  for (auto& group : groups) {
    const auto& laws = group.fit.laws;
    if (laws.empty()) {
      group.law = rough_law(group, by_worker);
      continue;
    }
    const LawFit* common = find_family(group.fit, family);
    const bool own = common == nullptr || laws.front().bic < common->bic - strong_evidence;
    group.law = own ? laws.front().law : common->law;
  }
}

std::string fleet_text(std::span<const AlikeWorkers> groups, std::uint32_t workers) {
  std::vector<const std::string*> laws(workers, nullptr);
  for (const auto& group : groups) {
    for (const std::uint32_t worker : group.workers) laws[worker] = &group.law;
  }
  std::string text;
  for (std::size_t i = 0; i < laws.size();) {
    std::size_t end = i;
    while (end < laws.size() && laws[end] == laws[i]) ++end;
    text += (text.empty() ? "" : ",") + std::to_string(end - i) + "*" + *laws[i];
    i = end;
  }
  return text;
}

}  // namespace syncline
