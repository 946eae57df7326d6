#pragma once

#include <cstddef>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

namespace syncline {

/// Vectors of one length, for reuse: memory that was written to before costs no page faults.
/// Thread-safe.
template <class Real>
class BufferPool {
 public:
  explicit BufferPool(std::size_t length) : length_(length) {}

  [[nodiscard]] std::size_t length() const { return length_; }
  /// One that was given back; nullopt if there is none.
  [[nodiscard]] std::optional<std::vector<Real>> find() {
    const std::lock_guard lock(mutex_);
    if (free_.empty()) return std::nullopt;
    std::optional<std::vector<Real>> buffer = std::move(free_.back());
    free_.pop_back();
    return buffer;
  }
  /// One with any content.
  [[nodiscard]] std::vector<Real> take() {
    auto buffer = find();
    return buffer ? std::move(*buffer) : std::vector<Real>(length_);
  }
  void give(std::vector<Real>&& buffer) {
    if (buffer.size() != length_) return;
    const std::lock_guard lock(mutex_);
    free_.push_back(std::move(buffer));
  }

 private:
  std::size_t length_;
  std::mutex mutex_;
  std::vector<std::vector<Real>> free_;
};

}  // namespace syncline
