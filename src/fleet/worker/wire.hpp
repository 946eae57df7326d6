#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "server/snapshot_pool.hpp"
#include "syncline/codec.hpp"
#include "syncline/config.hpp"
#include "syncline/workload.hpp"

namespace syncline {

/// How payloads and parameters travel in one run: a codec each way, and each worker's memory of
/// what its codec has not sent. Where both codecs are `none` it holds and costs nothing.
template <class Real>
class Wire {
 public:
  using Memory = std::vector<std::vector<Real>>;  ///< of the vectors of a payload

  /// Throws ConfigError. `vectors` of the model's dimension are in a payload.
  Wire(const Workload<Real>& workload, const WorkerConfig& config, std::uint64_t seed,
       std::uint32_t workers, std::size_t vectors);

  /// What the server receives of a payload, in its place; returns the worker's memory as it will be
  /// once the payload is used. May be called from any thread while the worker's memory stays.
  Memory push(const DrawKey& key, std::span<Real> payload) const;
  /// The payload was used.
  void commit(std::uint32_t worker, Memory&& memory);

  /// What the worker receives of a state.
  [[nodiscard]] std::shared_ptr<const Snapshot<Real>> pull(
      const DrawKey& key, std::shared_ptr<const Snapshot<Real>> state) const;

  /// The mask of a ticket, which is put on the initial parameters; null if there is none.
  [[nodiscard]] const Ticket* ticket() const { return push_ ? push_->ticket() : nullptr; }

  // For checkpoints: the memories, of those workers that have one.
  [[nodiscard]] std::vector<std::uint32_t> rememberers() const;
  void remember(const std::vector<std::uint32_t>& workers);
  [[nodiscard]] std::vector<std::vector<Real>*> vectors();

 private:
  std::size_t dimension_, vectors_;
  std::unique_ptr<const Codec<Real>> push_, pull_;  ///< null: as it is
  std::vector<Memory> memories_;
};

/// Bytes of one payload and of what a worker receives for one job.
struct MessageBytes {
  double push = 0;
  double pull = 0;
};

/// `states` of the model are sent to a worker for one job.
template <class Real>
[[nodiscard]] MessageBytes message_bytes(const Workload<Real>& workload, const WorkerConfig& config,
                                         std::size_t vectors, std::size_t states);

}  // namespace syncline
