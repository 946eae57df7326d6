#include "fit/worker_names.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <numeric>
#include <optional>

namespace syncline {
namespace {

constexpr std::size_t most_listed = 8;

std::optional<std::uint64_t> whole(const std::string& name) {
  std::uint64_t value = 0;
  const auto [stop, error] = std::from_chars(name.data(), name.data() + name.size(), value);
  if (error != std::errc() || stop != name.data() + name.size()) return std::nullopt;
  return value;
}

std::string mapping(const std::vector<std::string>& names) {
  std::string text;
  for (std::size_t i = 0; i < names.size() && i < most_listed; ++i) {
    text += (i == 0 ? "" : ", ") + names[i] + " is " + std::to_string(i);
  }
  // Names may be in any encoding; messages and JSON may not.
  for (char& c : text) c = c >= ' ' && c <= '~' ? c : '?';
  return text + (names.size() > most_listed ? ", ..." : "");
}

}  // namespace

std::uint32_t WorkerNames::index(const std::string& name) {
  const auto number = whole(name);
  const std::string key = number ? std::to_string(*number) : name;
  const auto [found, fresh] = index_.emplace(key, static_cast<std::uint32_t>(names_.size()));
  if (fresh) names_.push_back(key);
  return found->second;
}

Timings number_workers(std::vector<Timing> jobs, const WorkerNames& names) {
  const auto& known = names.names();
  std::vector<std::uint32_t> order(known.size());
  std::iota(order.begin(), order.end(), 0);
  const bool numbers =
      std::all_of(known.begin(), known.end(), [](const std::string& name) { return whole(name); });
  if (numbers) {
    std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
      return *whole(known[a]) < *whole(known[b]);
    });
  }
  Timings timings;
  timings.workers = static_cast<std::uint32_t>(known.size());
  std::vector<std::uint32_t> number_of(known.size());
  std::vector<std::string> sorted;
  bool same = numbers;
  for (std::uint32_t i = 0; i < order.size(); ++i) {
    number_of[order[i]] = i;
    sorted.push_back(known[order[i]]);
    same = same && sorted.back() == std::to_string(i);
  }
  if (!same) {
    timings.warnings.push_back("workers are numbered anew from 0: " + mapping(sorted));
  }
  for (Timing& job : jobs) job.worker = number_of[job.worker];
  if (std::none_of(jobs.begin(), jobs.end(),
                   [](const Timing& job) { return std::isnan(job.start); })) {
    std::stable_sort(jobs.begin(), jobs.end(),
                     [](const Timing& a, const Timing& b) { return a.start < b.start; });
  }
  timings.jobs = std::move(jobs);
  return timings;
}

}  // namespace syncline
