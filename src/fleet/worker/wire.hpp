#pragma once

#include <cstdint>
#include <memory>
#include <optional>
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
  /// Of one worker's codec, of the vectors of a payload; null before its first payload. Shared with
  /// jobs that nobody waits for any more.
  using Memory = std::shared_ptr<const std::vector<std::vector<Real>>>;

  /// Throws ConfigError. `vectors` of the model's dimension are in a payload.
  Wire(const Workload<Real>& workload, const WorkerConfig& config, std::uint64_t seed,
       std::uint32_t workers, std::size_t vectors);

  /// What the server receives of a payload, in its place; returns the worker's memory as it will be
  /// once the payload is used. May be called from any thread.
  Memory push(const DrawKey& key, std::span<Real> payload, const Memory& before) const;
  // The same in two halves, for a wire that is one: what a message holds, and what is made of it.
  // Batch-norm statistics follow as they are.

  [[nodiscard]] bool codes_pushes() const { return push_ != nullptr; }
  [[nodiscard]] bool codes_pulls() const { return pull_ != nullptr; }
  /// nullopt if a number is not finite, which no codec can send; `memory` is then as it was, else
  /// as it will be once the payload is used.
  [[nodiscard]] std::optional<std::vector<std::byte>> encode_push(const DrawKey& key,
                                                                  std::span<const Real> payload,
                                                                  Memory& memory) const;
  /// Throws DataError on a message that encode_push can't have made.
  void decode_push(std::span<const std::byte> message, const DrawKey& key,
                   std::span<Real> payload) const;
  [[nodiscard]] std::optional<std::vector<std::byte>> encode_pull(
      const DrawKey& key, std::span<const Real> state) const;
  void decode_pull(std::span<const std::byte> message, const DrawKey& key,
                   std::span<Real> state) const;
  /// What a job that starts now goes on from.
  [[nodiscard]] Memory memory(std::uint32_t worker) const {
    return memories_.empty() ? nullptr : memories_[worker];
  }
  /// The worker is gone, and with it what it remembered.
  void forget(std::uint32_t worker) {
    if (!memories_.empty()) memories_[worker] = nullptr;
  }

  /// The payload was used.
  void commit(std::uint32_t worker, Memory memory);

  /// What the worker receives of a state.
  [[nodiscard]] std::shared_ptr<const Snapshot<Real>> pull(
      const DrawKey& key, std::shared_ptr<const Snapshot<Real>> state) const;

  /// The mask of a ticket, which is put on the initial parameters; null if there is none.
  [[nodiscard]] const Ticket* ticket() const { return push_ ? push_->ticket() : nullptr; }

  // For checkpoints: the memories, of those workers that have one.
  [[nodiscard]] std::vector<std::uint32_t> rememberers() const;
  [[nodiscard]] const std::vector<std::vector<Real>>& remembered(std::uint32_t worker) const;
  /// As many vectors of the model's dimension as a payload has.
  void remember(std::uint32_t worker, std::vector<std::vector<Real>> vectors);

 private:
  using Vectors = std::vector<std::vector<Real>>;

  /// A copy of what is remembered, to be changed.
  [[nodiscard]] std::shared_ptr<Vectors> copy_of(const Memory& memory) const;
  [[nodiscard]] static DrawKey key_of(const DrawKey& job, std::size_t vector);

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
