#pragma once

#include <string>
#include <vector>

namespace syncline::testing {

/// Texts of every policy of the registry, for 4 or more workers; a test holds the list to it.
inline const std::vector<std::string>& sample_policies() {
  static const std::vector<std::string> texts = {
      "sync",
      "async",
      "k-sync(k=1)",
      "k-sync(k=3)",
      "k-sync(k=3, rest=finish)",
      "k-batch-sync(k=2)",
      "k-batch-sync(k=9)",
      "k-batch-sync(k=3, rest=finish)",
      "k-async(k=1)",
      "k-async(k=3)",
      "k-batch-async(k=3)",
      "k-batch-async(k=9)",
      "adasync(base=k-sync, k0=1, interval=3)",
      "adasync(base=k-async, k0=2, interval=3, monotone=no)",
      "adasync(base=k-batch-sync, k0=2, interval=1, k_max=9)",
      "adasync(base=k-batch-async, k0=1, interval=2, rule=quadratic)",
      "auto(base=k-sync, interval=1)",
      "auto(base=k-batch-sync, interval=1, k_min=2, k_max=9)",
      "auto(base=k-async, interval=2)",
      "auto(base=k-batch-async, interval=1, k_max=3)",
      "horizon(base=k-sync)",
      "horizon(base=k-batch-sync, k_min=2, k_max=9)",
      "horizon(base=k-async, horizon=4)",
      "horizon(base=k-batch-async, k_max=3)",
  };
  return texts;
}

}  // namespace syncline::testing
