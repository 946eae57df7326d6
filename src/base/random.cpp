#include "syncline/random.hpp"

#include <cmath>
#include <numbers>

#include <Random123/philox.h>

namespace syncline {

DrawStream::DrawStream(Stream purpose, const DrawKey& key)
    : counter_{0, key.worker, static_cast<std::uint32_t>(key.job),
               static_cast<std::uint32_t>((key.job >> 32) << 8) |
                   static_cast<std::uint32_t>(purpose)},
      key_{static_cast<std::uint32_t>(key.seed), static_cast<std::uint32_t>(key.seed >> 32)} {}

void DrawStream::refill() {
  const r123::Philox4x32::ctr_type counter = {{counter_[0], counter_[1], counter_[2], counter_[3]}};
  const r123::Philox4x32::key_type key = {{key_[0], key_[1]}};
  const auto block = r123::Philox4x32()(counter, key);
  block_[0] = block.v[0] | static_cast<std::uint64_t>(block.v[1]) << 32;
  block_[1] = block.v[2] | static_cast<std::uint64_t>(block.v[3]) << 32;
  ++counter_[0];
  left_ = 2;
}

std::uint64_t DrawStream::bits() {
  if (left_ == 0) refill();
  return block_[2 - left_--];
}

double DrawStream::uniform() {
  // 52 bits, in the middle of their cell: 0 and 1 can't occur.
  return (static_cast<double>(bits() >> 12) + 0.5) * 0x1p-52;
}

double DrawStream::exponential() { return -std::log(uniform()); }

double DrawStream::normal() {
  if (has_spare_) {
    has_spare_ = false;
    return spare_normal_;
  }
  const double radius = std::sqrt(-2.0 * std::log(uniform()));
  const double angle = 2.0 * std::numbers::pi * uniform();
  spare_normal_ = radius * std::sin(angle);
  has_spare_ = true;
  return radius * std::cos(angle);
}

std::uint64_t DrawStream::below(std::uint64_t n) {
  // Lemire's multiply-and-reject (arXiv 1805.10941): unbiased, one multiplication as a rule.
  __extension__ using Wide = unsigned __int128;
  Wide product = static_cast<Wide>(bits()) * n;
  if (static_cast<std::uint64_t>(product) < n) {
    const std::uint64_t threshold = (0 - n) % n;
    while (static_cast<std::uint64_t>(product) < threshold) {
      product = static_cast<Wide>(bits()) * n;
    }
  }
  return static_cast<std::uint64_t>(product >> 64);
}

}  // namespace syncline
