#pragma once

#include <cstdint>

namespace syncline {

/// What a draw is for. Streams of different purposes never overlap.
enum class Stream : std::uint32_t {
  delay = 1,
  slowness = 2,
  sampling = 3,
  augmentation = 4,
  dropout = 5,
  initial = 6,
  gradient_noise = 7,
  partition = 8,
  bootstrap = 9,
  push_codec = 10,
  pull_codec = 11,
  ticket = 12,
  bucketing = 13,
  attack = 14,
  clients = 15,
  code = 16
};

/// Names one draw independently of the order of events: the same key gives the same numbers in
/// every policy, on any number of threads.
struct DrawKey {
  std::uint64_t seed = 0;
  std::uint32_t worker = 0;
  /// 0-based count of the jobs that this worker has started, < 2^40; from there on the number of a
  /// micro-batch, < 2^16.
  std::uint64_t job = 0;
  bool operator==(const DrawKey&) const = default;
};

/// An endless stream of random numbers behind one key: Philox4x32-10 (Salmon et al., SC 2011) with
/// key = seed and counter = (block, worker, job, purpose). A value; cheap to make (no allocation).
class DrawStream {
 public:
  DrawStream(Stream purpose, const DrawKey& key);

  std::uint64_t bits();                  ///< 64 fresh bits
  double uniform();                      ///< in (0, 1), both ends excluded: log and 1/u are finite
  double exponential();                  ///< mean 1
  double normal();                       ///< standard normal
  std::uint64_t below(std::uint64_t n);  ///< uniform on 0..n-1, unbiased; n >= 1

 private:
  void refill();

  std::uint32_t counter_[4];
  std::uint32_t key_[2];
  std::uint64_t block_[2] = {0, 0};
  int left_ = 0;
  double spare_normal_ = 0;
  bool has_spare_ = false;
};

}  // namespace syncline
