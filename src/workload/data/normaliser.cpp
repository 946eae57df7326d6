#include "workload/data/normaliser.hpp"

#include <array>
#include <cmath>

namespace syncline {
namespace {

struct Moments {
  double mean = 0;
  double variance = 0;
};

/// Sums over 256 counts instead of millions of pixels.
Moments byte_moments(const std::array<std::uint64_t, 256>& counts) {
  const auto total = [&](auto&& term) {
    double sum = 0;
    for (std::size_t value = 0; value < counts.size(); ++value) {
      sum += static_cast<double>(counts[value]) * term(static_cast<double>(value) / 255);
    }
    return sum;
  };
  const double n = total([](double) { return 1.0; });
  const double mean = total([](double x) { return x; }) / n;
  return {mean, total([mean](double x) { return (x - mean) * (x - mean); }) / n};
}

/// Two passes: one pass would cancel for data far from zero.
Moments value_moments(const Samples& split, std::size_t channel) {
  const std::size_t area = split.height * split.width;
  const auto total = [&](auto&& term) {
    double sum = 0;
    for (std::size_t i = 0; i < split.count; ++i) {
      const float* from = split.values.data() + (i * split.channels + channel) * area;
      for (std::size_t j = 0; j < area; ++j) sum += term(static_cast<double>(from[j]));
    }
    return sum;
  };
  const double n = static_cast<double>(split.count) * static_cast<double>(area);
  const double mean = total([](double x) { return x; }) / n;
  return {mean, total([mean](double x) { return (x - mean) * (x - mean); }) / n};
}

}  // namespace

template <class Real>
Normaliser<Real>::Normaliser(const Dataset& dataset) {
  const double unit = dataset.train.bytes.empty() ? 1 : 255;
  for (std::size_t c = 0; c < dataset.mean.size(); ++c) {
    const double deviation = dataset.deviation[c];
    scale_.push_back(static_cast<Real>(1 / (unit * deviation)));
    shift_.push_back(static_cast<Real>(-dataset.mean[c] / deviation));
  }
}

template <class Real>
void Normaliser<Real>::write(const Samples& split, std::size_t index, Real* out) const {
  const std::size_t area = split.height * split.width;
  const auto convert = [&](const auto* from) {
    for (std::size_t c = 0; c < split.channels; ++c) {
      const Real scale = scale_[c], shift = shift_[c];
      const auto* channel = from + c * area;
      Real* to = out + c * area;
      for (std::size_t j = 0; j < area; ++j) to[j] = static_cast<Real>(channel[j]) * scale + shift;
    }
  };
  const std::size_t first = index * split.channels * area;
  if (split.bytes.empty()) {
    convert(split.values.data() + first);
  } else {
    convert(split.bytes.data() + first);
  }
}

void measure_normalisation(Dataset& dataset) {
  const Samples& split = dataset.train;
  const std::size_t area = split.height * split.width;
  dataset.mean.clear();
  dataset.deviation.clear();
  for (std::size_t c = 0; c < split.channels; ++c) {
    Moments moments;
    if (split.bytes.empty()) {
      moments = value_moments(split, c);
    } else {
      std::array<std::uint64_t, 256> counts{};
      for (std::size_t i = 0; i < split.count; ++i) {
        const std::uint8_t* from = split.bytes.data() + (i * split.channels + c) * area;
        for (std::size_t j = 0; j < area; ++j) ++counts[from[j]];
      }
      moments = byte_moments(counts);
    }
    const double deviation = std::sqrt(moments.variance);
    dataset.mean.push_back(static_cast<float>(moments.mean));
    // Rounding leaves a constant channel a tiny deviation; dividing by it would blow up noise.
    const bool varies = deviation > 1e-9 * std::abs(moments.mean);
    dataset.deviation.push_back(varies ? static_cast<float>(deviation) : 1.0F);
  }
}

template class Normaliser<float>;
template class Normaliser<double>;

}  // namespace syncline
