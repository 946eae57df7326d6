#pragma once

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "fleet/cluster/checked_copy.hpp"
#include "fleet/shards/shard_messages.hpp"
#include "fleet/shards/slices.hpp"
#include "fleet/worker/wire.hpp"
#include "server/snapshot_pool.hpp"

namespace syncline {

/// The workers' present jobs at a shard: the states that they start from, and its parts of their
/// payloads. Whatever it is given is hostile until checked; what no honest peer sends is thrown out
/// as MalformedMessage, before anything is changed.
template <class Real>
class HeldJobs {
 public:
  using State = std::shared_ptr<const Snapshot<Real>>;
  struct Held {
    std::uint64_t job = 0, gradient = 0;
    std::uint64_t begun = 0;  ///< 1 + the last job; 0: none
    State read;               ///< null: there is none
    std::vector<Real> payload;
    bool arrived = false;
  };

  /// `wire` must outlive this. `length`: of a whole payload.
  HeldJobs(std::uint32_t workers, const Slices& slices, std::uint32_t shard, const Wire<Real>& wire,
           std::size_t length, std::uint64_t seed)
      : slices_(slices), shard_(shard), wire_(wire), length_(length), seed_(seed), held_(workers) {}

  [[nodiscard]] const std::vector<Held>& all() const { return held_; }

  void start(const StartOrder& order, State read) {
    Held& held = of(order.worker);
    held.job = order.job;
    held.begun = order.job + 1;
    held.gradient = order.gradient;
    held.read = std::move(read);
    held.arrived = false;
  }

  /// Whether the order has yet to come that begins the job.
  [[nodiscard]] bool is_to_come(WorkerId worker, std::uint64_t job) {
    return job >= of(worker).begun;
  }

  /// Whether what the worker sends is finite; true, too, for what is of no use any more, since its
  /// job was cancelled in the meantime or it has come before.
  bool take(WorkerId worker, const PayloadPart& part, std::span<const std::byte> body) {
    Held& held = of(worker);
    if (held.read == nullptr || held.job != part.job || held.arrived) return true;
    held.payload.resize(slices_.length(shard_));
    const bool finite = read(worker, held, part, body);
    held.arrived = true;
    return finite;
  }

  /// The payload of a job. done() when it has been used.
  [[nodiscard]] Held& arrived(WorkerId worker, std::uint64_t job) {
    Held& held = of(worker);
    if (held.read == nullptr || held.job != job || !held.arrived) {
      throw MalformedMessage("shard " + std::to_string(shard_) + " has no payload of job " +
                             std::to_string(job) + " of worker " + std::to_string(worker));
    }
    return held;
  }
  static void done(Held& held) { held.read = nullptr; }

 private:
  [[nodiscard]] Held& of(WorkerId worker) {
    if (worker >= held_.size()) {
      throw MalformedMessage("there is no worker " + std::to_string(worker) + " among " +
                             std::to_string(held_.size()));
    }
    return held_[worker];
  }

  bool read(WorkerId worker, Held& held, const PayloadPart& part, std::span<const std::byte> body) {
    const std::span<Real> payload = held.payload;
    if (!part.coded) {
      if (body.size() != payload.size_bytes()) {
        throw MalformedMessage("a part of a payload has " + std::to_string(body.size()) +
                               " bytes, not " + std::to_string(payload.size_bytes()));
      }
      return copy_finite<Real>(body, payload);
    }
    if (!wire_.codes_pushes()) throw MalformedMessage("a payload is coded, and no codec is set");
    whole_.resize(length_);
    wire_.decode_push(body, {seed_, worker, held.gradient}, whole_);
    const auto own = slices_.part(shard_, std::span<Real>(whole_));
    std::copy(own.begin(), own.end(), payload.begin());
    return all_finite<Real>(own);
  }

  Slices slices_;
  std::uint32_t shard_;
  const Wire<Real>& wire_;
  std::size_t length_;
  std::uint64_t seed_;
  std::vector<Held> held_;   ///< by worker
  std::vector<Real> whole_;  ///< a payload that was coded
};

}  // namespace syncline
