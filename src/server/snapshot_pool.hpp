#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace syncline {

/// The state at one version.
template <class Real>
struct Snapshot {
  std::uint64_t version = 0;
  std::vector<Real> state;
};

/// Recycles the buffers of snapshots that nobody holds any more. Used by one thread; others may
/// hold snapshots and let them go.
template <class Real>
class SnapshotPool {
 public:
  explicit SnapshotPool(std::size_t size) : size_(size) {}

  /// A snapshot that nobody else holds, with any content.
  std::shared_ptr<Snapshot<Real>> take() {
    for (auto& snapshot : all_) {
      if (snapshot.use_count() == 1) {
        // The count alone doesn't say that what others did before they let go is over; to be one of
        // the holders and let go too does.
        static_cast<void>(std::shared_ptr<Snapshot<Real>>(snapshot));
        note_peak(1);
        return snapshot;
      }
    }
    all_.push_back(std::make_shared<Snapshot<Real>>());
    all_.back()->state.resize(size_);
    note_peak(1);
    return all_.back();
  }

  /// Snapshots that somebody holds now, and the most that were ever held at once.
  [[nodiscard]] std::size_t live() const {
    return static_cast<std::size_t>(std::count_if(
        all_.begin(), all_.end(), [](const auto& snapshot) { return snapshot.use_count() > 1; }));
  }
  [[nodiscard]] std::size_t peak() const { return peak_; }

 private:
  void note_peak(std::size_t about_to_live) { peak_ = std::max(peak_, live() + about_to_live); }

  std::size_t size_;
  std::vector<std::shared_ptr<Snapshot<Real>>> all_;
  std::size_t peak_ = 0;
};

}  // namespace syncline
