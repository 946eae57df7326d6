#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <nlohmann/json.hpp>

namespace syncline {

/// One entry for each worker: the mean of what was folded into it, or the last payload put. A step
/// takes the mean of the filled entries. The sum of all entries is kept up to date, so that a step
/// costs one pass; it is added up afresh now and then, so that rounding can't gather.
template <class Real>
class Table {
 public:
  Table(std::uint32_t workers, std::size_t length)
      : counts_(workers, 0), entries_(workers), sum_(length), result_(length) {}

  /// The entry becomes the mean of all that was folded into it.
  void fold(std::uint32_t worker, double weight, std::span<const Real> payload) {
    change(worker, weight, payload, counts_[worker] + 1);
  }
  /// The entry becomes the payload.
  void put(std::uint32_t worker, double weight, std::span<const Real> payload) {
    change(worker, weight, payload, 1);
  }

  /// The mean of the filled entries; may be changed. REQUIRES: one is filled.
  std::span<Real> result() {
    const Real share = Real(1) / static_cast<Real>(filled_);
    for (std::size_t i = 0; i < sum_.size(); ++i) result_[i] = share * sum_[i];
    return result_;
  }

  [[nodiscard]] bool empty() const { return filled_ == 0; }
  /// Payloads since the last step.
  [[nodiscard]] std::size_t fresh() const { return fresh_; }
  void stepped() { fresh_ = 0; }

  void clear() {
    std::fill(counts_.begin(), counts_.end(), 0U);
    std::fill(sum_.begin(), sum_.end(), Real(0));
    filled_ = fresh_ = changes_ = 0;
  }

  // For checkpoints.
  [[nodiscard]] nlohmann::json state() const { return {counts_, fresh_, changes_}; }
  void restore(const nlohmann::json& state) {
    state.at(0).get_to(counts_);
    state.at(1).get_to(fresh_);
    state.at(2).get_to(changes_);
    filled_ = 0;
    for (std::size_t worker = 0; worker < counts_.size(); ++worker) {
      if (counts_[worker] == 0) continue;
      ++filled_;
      entries_[worker].resize(sum_.size());
    }
  }
  [[nodiscard]] std::vector<std::vector<Real>*> vectors() {
    std::vector<std::vector<Real>*> all = {&sum_};
    for (std::size_t worker = 0; worker < counts_.size(); ++worker) {
      if (counts_[worker] > 0) all.push_back(&entries_[worker]);
    }
    return all;
  }

 private:
  /// `count` payloads are in the entry when this one is.
  void change(std::uint32_t worker, double weight, std::span<const Real> payload,
              std::uint32_t count) {
    std::vector<Real>& entry = entries_[worker];
    if (counts_[worker] == 0) {
      ++filled_;
      entry.assign(sum_.size(), Real(0));
    }
    const auto factor = static_cast<Real>(weight);
    const Real share = Real(1) / static_cast<Real>(count);
    for (std::size_t i = 0; i < sum_.size(); ++i) {
      const Real moved = share * (factor * payload[i] - entry[i]);
      entry[i] += moved;
      sum_[i] += moved;
    }
    counts_[worker] = count;
    ++fresh_;
    if (++changes_ % counts_.size() == 0) add_up();
  }

  void add_up() {
    std::fill(sum_.begin(), sum_.end(), Real(0));
    for (std::size_t worker = 0; worker < counts_.size(); ++worker) {
      if (counts_[worker] == 0) continue;
      for (std::size_t i = 0; i < sum_.size(); ++i) sum_[i] += entries_[worker][i];
    }
  }

  std::vector<std::uint32_t> counts_;  ///< payloads in each entry
  std::vector<std::vector<Real>> entries_;
  std::vector<Real> sum_, result_;
  std::size_t filled_ = 0;
  std::size_t fresh_ = 0;
  std::uint64_t changes_ = 0;
};

}  // namespace syncline
