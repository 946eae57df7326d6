#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <vector>

namespace syncline {

/// Counts of stalenesses: dense from 0 to 4095, then one bin for each doubling,
/// [4096, 8192), [8192, 16384), ...
class StalenessHistogram {
 public:
  static constexpr std::uint64_t dense = 4096;

  void add(std::uint64_t staleness) {
    const std::size_t bin = staleness < dense ? static_cast<std::size_t>(staleness)
                                              : dense + std::bit_width(staleness / dense) - 1;
    if (bin >= counts_.size()) counts_.resize(bin + 1, 0);
    ++counts_[bin];
    ++total_;
    sum_ += staleness;
    largest_ = std::max(largest_, staleness);
  }

  /// Continues a histogram that was saved as (counts, sum, largest).
  static StalenessHistogram restored(std::vector<std::uint64_t> counts, std::uint64_t sum,
                                     std::uint64_t largest) {
    StalenessHistogram histogram;
    for (const std::uint64_t count : counts) histogram.total_ += count;
    histogram.counts_ = std::move(counts);
    histogram.sum_ = sum;
    histogram.largest_ = largest;
    return histogram;
  }

  [[nodiscard]] std::uint64_t sum() const { return sum_; }
  [[nodiscard]] const std::vector<std::uint64_t>& counts() const { return counts_; }
  [[nodiscard]] std::uint64_t total() const { return total_; }
  [[nodiscard]] std::uint64_t largest() const { return largest_; }
  [[nodiscard]] double mean() const {
    return total_ == 0 ? 0 : static_cast<double>(sum_) / static_cast<double>(total_);
  }

 private:
  std::vector<std::uint64_t> counts_;
  std::uint64_t total_ = 0;
  std::uint64_t sum_ = 0;
  std::uint64_t largest_ = 0;
};

}  // namespace syncline
