#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "syncline/dataset.hpp"
#include "syncline/random.hpp"
#include "syncline/torch_model.hpp"

namespace syncline {

/// Turns samples of a data set into network input, straight into the caller's memory: normalised as
/// Dataset says, N x C x H x W contiguous or channels-last. Immutable, thread-safe.
template <class Real>
class BatchWriter {
 public:
  /// Keeps a reference to `dataset`.
  BatchWriter(const Dataset& dataset, TensorFormat format);

  /// Writes the samples `numbers` of `samples` to `images` (features() elements each) and `labels`.
  /// Throws InternalError if a number is out of range.
  void write(const Samples& samples, std::span<const std::uint32_t> numbers, Real* images,
             std::int64_t* labels) const;

  /// The same with the usual augmentation of CIFAR (He et al. 2016, section 4.2): 4 black pixels on
  /// each side, a random crop of the old size, and a mirror image for every second sample. Its
  /// draws come from Stream::augmentation of `key`, three per sample in the order of the batch.
  void write_augmented(const Samples& samples, std::span<const std::uint32_t> numbers,
                       const DrawKey& key, Real* images, std::int64_t* labels) const;

 private:
  template <class Pixel>
  void write_plain(const Pixel* pixels, Real* image) const;
  template <class Pixel>
  void write_crop(const Pixel* pixels, int down, int right, bool mirrored, Real* image) const;
  std::int64_t label_of(const Samples& samples, std::uint32_t number) const;

  const Dataset& dataset_;
  std::ptrdiff_t channels_, height_, width_;
  std::ptrdiff_t channel_step_, pixel_step_;  ///< between neighbours in the output
  std::vector<Real> scale_, shift_;           ///< x = pixel * scale + shift, per channel
};

}  // namespace syncline
