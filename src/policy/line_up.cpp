#include "syncline/line_up.hpp"

#include <algorithm>
#include <charconv>

namespace syncline {
namespace {

std::string with(const std::string& name, const std::string& parameter, std::uint64_t value) {
  return name + "(" + parameter + "=" + std::to_string(value) + ")";
}

/// The shortest text of a number.
std::string digits(double value) {
  char buffer[32];
  return {buffer, std::to_chars(buffer, buffer + sizeof buffer, value).ptr};
}

}  // namespace

std::vector<std::string> usual_policies(std::uint32_t workers, double time) {
  const std::uint64_t quarter = (workers + 3) / 4;
  const std::uint64_t half = (workers + 1) / 2;
  const std::uint64_t most = std::max<std::uint64_t>(1, workers - workers / 10);
  // A twentieth of the race, as the paper of AdaSync has about twenty decisions in a run.
  const std::string interval = digits(time / 20);
  std::vector<std::string> policies = {
      "sync",
      with("k-sync", "k", half),
      with("k-sync", "k", most),
      with("k-batch-sync", "k", half),
      with("k-async", "k", quarter),
      with("k-async", "k", half),
      with("k-batch-async", "k", quarter),
      "async",
      "adasync(base=k-async, interval=" + interval + ")",
      "auto",
      "auto(base=k-async)",
      "horizon(base=k-async)",
      with("rennala", "batch", workers),
      with("ringmaster", "limit", workers),
      "ringmaster(limit=0)",
      "clipped-asgd",
      "throttle",
      with("mindflayer", "gradients", half),
      with("ata", "batch", workers),
      "delay-adaptive",
      with("softsync", "n", quarter),
      "ssp",
      "gap-aware",
      "dc-asgd",
      "fastest-k",
      "dbw",
      "async-minibatch",
      with("gradient-coding", "stragglers", workers % 2 == 0 ? 1 : 0),
      "malenia",
      "ringleader",
      "ia2sgd",
      "rescaled",
      "fedavg(steps=5)",
      "adacomm(steps=10, interval=" + interval + ")",
      with("fedbuff", "steps=5, buffer", half),
      "fedasync(steps=5)",
      "async-local-sgd(steps=10)",
      "fedlomo(steps=5)",
      "fedglomo(steps=5)",
      "stsyn(steps=5)"};
  // In small fleets some are the same.
  std::vector<std::string> distinct;
  for (std::string& policy : policies) {
    if (std::find(distinct.begin(), distinct.end(), policy) == distinct.end()) {
      distinct.push_back(std::move(policy));
    }
  }
  return distinct;
}

}  // namespace syncline
