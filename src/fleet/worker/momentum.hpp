#pragma once

#include <cmath>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "syncline/error.hpp"

namespace syncline {

/// Momentum at the workers (Karimireddy, He, Jaggi, arXiv 2012.10333, 2006.09365): what worker w
/// pushes is m_w = beta m_w + (1 - beta) g, at first g. It makes honest payloads more alike, which
/// robust rules need. A payload that is not used leaves no trace: its m is forgotten. Batch-norm
/// statistics have no momentum.
template <class Real>
class WorkerMomentum {
 public:
  /// Of one worker; null before its first payload. Shared with jobs that nobody waits for any more.
  using Memory = std::shared_ptr<std::vector<Real>>;

  /// Throws ConfigError. With beta = 0 it holds and costs nothing.
  WorkerMomentum(double beta, std::size_t dimension, std::uint32_t workers)
      : beta_(static_cast<Real>(beta)), dimension_(dimension) {
    if (!std::isfinite(beta) || beta < 0 || beta >= 1) {
      throw ConfigError("worker.momentum must be from 0 on and below 1, not " +
                        std::to_string(beta));
    }
    if (beta > 0) memories_.resize(workers);
  }

  /// What a job that starts now goes on from.
  [[nodiscard]] Memory memory(std::uint32_t worker) const {
    return memories_.empty() ? nullptr : memories_[worker];
  }
  /// Puts m into the place of the gradient; returns it, the worker's memory once the payload is
  /// used. May be called from any thread.
  [[nodiscard]] Memory apply(const Memory& before, std::span<Real> payload) const {
    if (memories_.empty()) return nullptr;
    const std::span<Real> gradient = payload.first(dimension_);
    if (before != nullptr) {
      for (std::size_t i = 0; i < dimension_; ++i) {
        gradient[i] = beta_ * (*before)[i] + (1 - beta_) * gradient[i];
      }
    }
    return std::make_shared<std::vector<Real>>(gradient.begin(), gradient.end());
  }
  /// The worker is gone, and with it its memory.
  void forget(std::uint32_t worker) {
    if (!memories_.empty()) memories_[worker] = nullptr;
  }
  /// The payload was used.
  void commit(std::uint32_t worker, Memory memory) {
    if (!memories_.empty()) memories_[worker] = std::move(memory);
  }

  // For checkpoints: the memories, of those workers that have one.
  [[nodiscard]] std::vector<std::uint32_t> rememberers() const {
    std::vector<std::uint32_t> workers;
    for (std::uint32_t worker = 0; worker < memories_.size(); ++worker) {
      if (memories_[worker] != nullptr) workers.push_back(worker);
    }
    return workers;
  }
  void remember(const std::vector<std::uint32_t>& workers) {
    for (const std::uint32_t worker : workers) {
      memories_.at(worker) = std::make_shared<std::vector<Real>>(dimension_);
    }
  }
  [[nodiscard]] std::vector<std::vector<Real>*> vectors() {
    std::vector<std::vector<Real>*> all;
    for (const std::uint32_t worker : rememberers()) all.push_back(memories_[worker].get());
    return all;
  }

 private:
  Real beta_;
  std::size_t dimension_;
  std::vector<Memory> memories_;  ///< of each worker
};

}  // namespace syncline
