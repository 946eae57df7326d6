#pragma once

#include <cstddef>
#include <mutex>
#include <utility>
#include <vector>

namespace syncline {

/// Vectors of one length, for reuse. Thread-safe.
template <class Real>
class BufferPool {
 public:
  explicit BufferPool(std::size_t length) : length_(length) {}

  [[nodiscard]] std::vector<Real> take() {
    {
      const std::lock_guard lock(mutex_);
      if (!free_.empty()) {
        std::vector<Real> buffer = std::move(free_.back());
        free_.pop_back();
        return buffer;
      }
    }
    return std::vector<Real>(length_);
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
