#include "adasync_runs.hpp"

#include <algorithm>
#include <cstdio>
#include <set>

#include "trial.hpp"

namespace syncline::repro {
namespace {

/// Of the fixed K, from the smallest to P.
constexpr int fixed_colors[] = {3, 4, 7, 0};

std::string shortest(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%g", value);
  return text;
}

Contestant fixed(const Contest& contest, const std::string& variant, std::size_t place) {
  const int k = contest.ks[place];
  const bool all = place + 1 == contest.ks.size();
  const std::string text = std::to_string(k);
  const std::string base = all && variant == "k-async" ? "k-sync" : variant;
  return {base + "-" + text, base + "(k=" + text + ")", "K = " + text,
          all ? fixed_colors[3] : fixed_colors[place], static_cast<double>(k)};
}

}  // namespace

std::string variant_title(const std::string& variant) {
  std::string title = variant;
  title.front() = 'K';
  return title;
}

std::vector<Contestant> contestants(const Contest& contest, const std::string& variant) {
  std::vector<Contestant> all;
  for (std::size_t i = 0; i < contest.ks.size(); ++i) all.push_back(fixed(contest, variant, i));
  all.push_back({variant + "-adasync",
                 "adasync(base=" + variant + ", k0=1, interval=" + shortest(contest.interval) + ")",
                 "AdaSync", 1, 1});
  all.push_back({variant + "-auto", "auto(base=" + variant + ")", "auto", 5, 2});
  const auto& on = contest.horizon;
  if (std::find(on.begin(), on.end(), variant) != on.end()) {
    all.push_back({variant + "-horizon", "horizon(base=" + variant + ")", "horizon", 6, 2});
  }
  return all;
}

std::vector<Run> contest_runs(const Contest& contest, const RunConfig& base, std::uint64_t seeds) {
  std::vector<Trial> trials;
  std::set<std::string> keys;
  for (const std::string& variant : contest.variants) {
    for (const Contestant& one : contestants(contest, variant)) {
      if (!keys.insert(one.key).second) continue;
      trials.push_back({one.key, one.title, one.color, base});
      trials.back().config.policy = one.policy;
      trials.back().config.stop.time = contest.until;
    }
  }
  return seed_by_seed(trials, seeds);
}

}  // namespace syncline::repro
