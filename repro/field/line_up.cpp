#include "field/line_up.hpp"

#include <cmath>

#include "trial.hpp"

namespace syncline::repro {
namespace {

/// NAME(PARAMETER=value MORE) for each of the values.
std::vector<std::string> over(const std::string& name, const std::string& parameter,
                              const std::vector<std::uint64_t>& values,
                              const std::string& more = "") {
  std::vector<std::string> texts;
  for (const std::uint64_t value : values) {
    texts.push_back(name + "(" + parameter + "=" + std::to_string(value) + more + ")");
  }
  return texts;
}

}  // namespace

std::vector<Entry> line_up(const std::vector<std::uint64_t>& limits) {
  return {{"full sync", {"sync"}, color::sync},
          {"K-sync", over("k-sync", "k", limits), color::k_sync},
          {"Rennala, restart", over("rennala", "batch", limits), color::k_batch_sync},
          {"Rennala, let finish", over("rennala", "batch", limits, ", rest=finish"),
           color::k_batch_sync},
          {"K-async", over("k-async", "k", limits), color::k_async},
          {"K-batch-async", over("k-batch-async", "k", limits), color::k_batch_async},
          {"async", {"async"}, color::async},
          {"delay-adaptive", {"delay-adaptive"}, color::async},
          {"clipped", {"clipped-asgd"}, color::async},
          {"gap-aware", {"gap-aware"}, color::async},
          {"SSP", over("ssp", "slack", {3, 30}), color::async},
          {"Ringmaster", over("ringmaster", "limit", limits, ", stops=no"), color::k_async},
          {"Ringmaster, stops", over("ringmaster", "limit", limits), color::k_async},
          {"Ringmaster, limit 0", {"ringmaster(limit=0)"}, color::k_async},
          {"THROTTLE", {"throttle(q=1.1)", "throttle(q=2)"}, color::k_batch_sync},
          {"MindFlayer", over("mindflayer", "gradients", limits), color::k_batch_sync}};
}

std::vector<double> powers_of_two(int first, int last) {
  std::vector<double> values;
  for (int power = first; power <= last; ++power) values.push_back(std::ldexp(1.0, power));
  return values;
}

}  // namespace syncline::repro
