#pragma once

#include <string>
#include <vector>

#include <rapidcheck.h>

#include "support/temporary_folder.hpp"

namespace syncline::testing {

/// At least one text of every law of the registry, with the files that some of them read.
class FleetLaws {
 public:
  FleetLaws();
  [[nodiscard]] const std::vector<std::string>& texts() const { return texts_; }

 private:
  TemporaryFolder folder_;
  std::vector<std::string> texts_;
};

/// A random law without atoms: parameters over several orders of magnitude.
[[nodiscard]] rc::Gen<std::string> continuous_law();

/// Random numbers evenly spread on a log scale, 10^low to 10^high.
[[nodiscard]] rc::Gen<double> log_uniform(int low, int high);

/// A random chance, from 1e-12 to 1 - 1e-12 with weight on both ends.
[[nodiscard]] rc::Gen<double> chance();

}  // namespace syncline::testing
