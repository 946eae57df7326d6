#include "adasync_runs.hpp"

#include <set>

namespace syncline::repro {
namespace {

std::string with_interval(double interval) {
  char text[32];
  std::snprintf(text, sizeof text, "%g", interval);
  return text;
}

}  // namespace

const std::vector<Variant>& variants() {
  static const std::vector<Variant> all = {{"k-sync", "K-sync"},
                                           {"k-async", "K-async"},
                                           {"k-batch-sync", "K-batch-sync"},
                                           {"k-batch-async", "K-batch-async"}};
  return all;
}

std::vector<Contestant> contestants(const std::string& variant, double interval) {
  const auto fixed = [&](int k, int color) {
    const std::string text = std::to_string(k);
    const std::string base = k == 8 && variant == "k-async" ? "k-sync" : variant;
    return Contestant{base + "-" + text, base + "(k=" + text + ")", "K = " + text, color};
  };
  return {fixed(2, 3),
          fixed(4, 4),
          fixed(8, 0),
          {variant + "-adasync",
           "adasync(base=" + variant + ", k0=1, interval=" + with_interval(interval) + ")",
           "AdaSync", 1},
          {variant + "-auto", "auto(base=" + variant + ")", "auto", 5}};
}

std::vector<Run> contest_runs(const std::vector<std::string>& variants, double interval,
                              const RunConfig& base, std::uint64_t seeds) {
  std::vector<Run> runs;
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    std::set<std::string> keys;
    for (const std::string& variant : variants) {
      for (const Contestant& one : contestants(variant, interval)) {
        if (!keys.insert(one.key).second) continue;
        Run run{one.key + "-seed-" + std::to_string(seed), base};
        run.config.policy = one.policy;
        run.config.seed = seed;
        runs.push_back(std::move(run));
      }
    }
  }
  return runs;
}

}  // namespace syncline::repro
