#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "syncline/fit.hpp"

namespace syncline {

/// The workers of a table, whatever it calls them.
class WorkerNames {
 public:
  /// The place of a name in the order of first appearance. `07` and `7` are one worker.
  [[nodiscard]] std::uint32_t index(const std::string& name);
  [[nodiscard]] const std::vector<std::string>& names() const { return names_; }

 private:
  std::unordered_map<std::string, std::uint32_t> index_;
  std::vector<std::string> names_;
};

/// Gives workers the numbers 0, 1, 2, ...: whole numbers in their order, other names in the order
/// of their first lines. A warning says which is which where the table has other numbers. `jobs`
/// hold WorkerNames::index and are put in the order of their starts where all are known.
[[nodiscard]] Timings number_workers(std::vector<Timing> jobs, const WorkerNames& names);

}  // namespace syncline
