#pragma once

#include <cstddef>
#include <vector>

#include "syncline/dataset.hpp"

namespace syncline {

/// Turns stored samples into network input, (pixel / 255 - mean) / deviation or
/// (value - mean) / deviation, as one multiplication and one addition per element.
/// Immutable, thread-safe. Normalising batch by batch costs less than the matrix products that
/// follow, and a normalised copy of the whole set would take four times the memory of its bytes.
template <class Real>
class Normaliser {
 public:
  explicit Normaliser(const Dataset& dataset);

  /// Writes the channels*height*width elements of sample `index` of `split` to `out`.
  void write(const Samples& split, std::size_t index, Real* out) const;

 private:
  std::vector<Real> scale_;  ///< one per channel
  std::vector<Real> shift_;  ///< one per channel
};

/// Sets mean and deviation of each channel to those of the training split; a constant channel gets
/// deviation 1.
void measure_normalisation(Dataset& dataset);

}  // namespace syncline
