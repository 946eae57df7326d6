#pragma once

#include <cstddef>
#include <string>

#include "syncline/dataset.hpp"

namespace syncline {

/// A plain single-thread libtorch training loop on one of our architectures: what the virtual fleet
/// is measured against. The network lies in memory as libtorch leaves it (no flat vectors), batches
/// are normalised tensors made beforehand, and the step is SGD in place.
struct BareLoop {
  std::string model = "lenet";  ///< lenet | cnn | resnet20
  std::size_t batch = 32;
  bool channels_last = true;
  bool step = true;    ///< false: gradients alone
  double seconds = 5;  ///< measured, after a warm-up of half a second
};

struct BareRate {
  double gradients_per_second = 0;  ///< of wall time
  double cpu_milliseconds = 0;      ///< thread CPU time per gradient; hardly depends on other load
};

/// Runs the loop on the calling thread. Run one per core at a time, each on a thread of its own:
/// two such loops reach less than twice the rate of one.
[[nodiscard]] BareRate run_bare_loop(const BareLoop& loop, const Dataset& dataset);

}  // namespace syncline
