#include "workload/torch/batch.hpp"

#include "syncline/error.hpp"

namespace syncline {
namespace {

constexpr int padding = 4;

}  // namespace

template <class Real>
BatchWriter<Real>::BatchWriter(const Dataset& dataset, TensorFormat format)
    : dataset_(dataset),
      channels_(static_cast<std::ptrdiff_t>(dataset.train.channels)),
      height_(static_cast<std::ptrdiff_t>(dataset.train.height)),
      width_(static_cast<std::ptrdiff_t>(dataset.train.width)),
      channel_step_(format == TensorFormat::channels_last ? 1 : height_ * width_),
      pixel_step_(format == TensorFormat::channels_last ? channels_ : 1) {
  // One multiplication and one addition per pixel, which the compiler turns into vector code.
  const double full_scale = dataset.train.bytes.empty() ? 1.0 : 255.0;
  for (std::size_t c = 0; c < dataset.train.channels; ++c) {
    const double deviation = dataset.deviation.at(c);
    scale_.push_back(static_cast<Real>(1.0 / (full_scale * deviation)));
    shift_.push_back(static_cast<Real>(-static_cast<double>(dataset.mean.at(c)) / deviation));
  }
}

template <class Real>
std::int64_t BatchWriter<Real>::label_of(const Samples& samples, std::uint32_t number) const {
  if (number >= samples.count) {
    throw InternalError("sample " + std::to_string(number) + " of " +
                        std::to_string(samples.count) + " in data set '" + dataset_.name + "'");
  }
  return samples.labels[number];
}

template <class Real>
template <class Pixel>
void BatchWriter<Real>::write_plain(const Pixel* pixels, Real* image) const {
  const std::ptrdiff_t area = height_ * width_;
  for (std::ptrdiff_t c = 0; c < channels_; ++c) {
    const Real scale = scale_[static_cast<std::size_t>(c)];
    const Real shift = shift_[static_cast<std::size_t>(c)];
    const Pixel* in = pixels + c * area;
    Real* out = image + c * channel_step_;
    if (pixel_step_ == 1) {
      for (std::ptrdiff_t i = 0; i < area; ++i) out[i] = static_cast<Real>(in[i]) * scale + shift;
    } else {
      for (std::ptrdiff_t i = 0; i < area; ++i) {
        out[i * pixel_step_] = static_cast<Real>(in[i]) * scale + shift;
      }
    }
  }
}

template <class Real>
template <class Pixel>
void BatchWriter<Real>::write_crop(const Pixel* pixels, int down, int right, bool mirrored,
                                   Real* image) const {
  for (std::ptrdiff_t c = 0; c < channels_; ++c) {
    const Real scale = scale_[static_cast<std::size_t>(c)];
    const Real shift = shift_[static_cast<std::size_t>(c)];
    for (std::ptrdiff_t row = 0; row < height_; ++row) {
      Real* out = image + c * channel_step_ + row * width_ * pixel_step_;
      const std::ptrdiff_t from_row = row + down;
      for (std::ptrdiff_t column = 0; column < width_; ++column) {
        const std::ptrdiff_t from = (mirrored ? width_ - 1 - column : column) + right;
        const bool inside = from_row >= 0 && from_row < height_ && from >= 0 && from < width_;
        // Padding is black before normalisation, as in torchvision.
        const Pixel pixel = inside ? pixels[(c * height_ + from_row) * width_ + from] : Pixel{0};
        out[column * pixel_step_] = static_cast<Real>(pixel) * scale + shift;
      }
    }
  }
}

template <class Real>
void BatchWriter<Real>::write(const Samples& samples, std::span<const std::uint32_t> numbers,
                              Real* images, std::int64_t* labels) const {
  const std::size_t features = dataset_.features();
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    labels[i] = label_of(samples, numbers[i]);
    const std::size_t first = numbers[i] * features;
    Real* image = images + i * features;
    if (samples.bytes.empty()) {
      write_plain(samples.values.data() + first, image);
    } else {
      write_plain(samples.bytes.data() + first, image);
    }
  }
}

template <class Real>
void BatchWriter<Real>::write_augmented(const Samples& samples,
                                        std::span<const std::uint32_t> numbers, const DrawKey& key,
                                        Real* images, std::int64_t* labels) const {
  DrawStream draws(Stream::augmentation, key);
  const std::size_t features = dataset_.features();
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    labels[i] = label_of(samples, numbers[i]);
    const int down = static_cast<int>(draws.below(2 * padding + 1)) - padding;
    const int right = static_cast<int>(draws.below(2 * padding + 1)) - padding;
    const bool mirrored = draws.below(2) == 1;
    const std::size_t first = numbers[i] * features;
    Real* image = images + i * features;
    if (samples.bytes.empty()) {
      write_crop(samples.values.data() + first, down, right, mirrored, image);
    } else {
      write_crop(samples.bytes.data() + first, down, right, mirrored, image);
    }
  }
}

template class BatchWriter<float>;
template class BatchWriter<double>;

}  // namespace syncline
