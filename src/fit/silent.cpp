#include "fit/silent.hpp"

#include <algorithm>

#include "fit/fit_laws.hpp"
#include "syncline/delay_law.hpp"

namespace syncline {

std::vector<double> silence_p_values(const std::vector<std::vector<Timing>>& by_worker) {
  std::vector<double> chances(by_worker.size(), 1);
  std::vector<Timing> others;
  std::vector<std::size_t> silent;
  for (std::size_t worker = 0; worker < by_worker.size(); ++worker) {
    const auto& jobs = by_worker[worker];
    if (std::any_of(jobs.begin(), jobs.end(), [](const Timing& job) { return !job.censored; })) {
      others.insert(others.end(), jobs.begin(), jobs.end());
    } else if (!jobs.empty()) {
      silent.push_back(worker);
    }
  }
  if (silent.empty()) return chances;
  const GroupFit fit = fit_group(others, "the others");
  if (fit.laws.empty()) return chances;
  const auto law = make_delay_law(fit.laws.front().law);
  for (const std::size_t worker : silent) {
    for (const Timing& job : by_worker[worker]) chances[worker] *= law->survival(job.seconds);
  }
  return chances;
}

}  // namespace syncline
