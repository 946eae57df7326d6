#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "policy/k_variants/k_schedule.hpp"
#include "syncline/policy.hpp"

namespace syncline {

/// What the server counts up to K, which also decides what a worker does after a push.
enum class Count {
  workers,  ///< K different workers: a worker that pushed waits for the update
  batches   ///< K mini-batches from anyone: a worker that pushed restarts at once
};

/// What becomes of the jobs that are still running at an update.
enum class Rest {
  cancel,           ///< they end, their work is lost; everybody starts on the new version
  finish_and_drop,  ///< they run on and are dropped as stale when they arrive
  keep              ///< they run on and are used, as stale gradients
};

/// The parameter `rest` of the policies that need fresh gradients: cancel, or finish.
[[nodiscard]] Rest rest_of(const Arguments& arguments);

/// The K-variants of "Slow and Stale Gradients Can Win the Race" (arXiv 2003.10579; exact semantics
/// in docs/concepts.md), all in one class with two switches:
///
///                    cancel          keep
///     count workers  K-sync          K-async
///     count batches  K-batch-sync    K-batch-async
///
/// Full sync is K-sync with K = P; async is K = 1. Every update is the plain mean of K gradients.
/// Where workers are counted and fewer than K are up, it waits for the others or, if it may shrink,
/// takes the mean of those that it has.
class KVariant final : public Policy {
 public:
  /// `schedule` may be null: K stays as it is. REQUIRES: k >= 1, and k <= workers if workers are
  /// counted (else the server would wait for ever).
  KVariant(Count count, Rest rest, std::uint64_t k, std::unique_ptr<KSchedule> schedule,
           const PolicyContext& context);
  KVariant(const KVariant& other);

  [[nodiscard]] std::unique_ptr<Policy> clone() const override;
  [[nodiscard]] Requirements requirements() const override;
  void begin(const Begin& event, Actions& actions) override;
  void arrive(const Arrive& event, Actions& actions) override;
  void stepped(const Stepped& event, Actions& actions) override;
  void measured(const Measured& event, Actions& actions) override;
  void went_down(const WentDown& event, Actions& actions) override;
  void came_up(const CameUp& event, Actions& actions) override;
  [[nodiscard]] nlohmann::json state() const override;
  void restore(const nlohmann::json& state) override;

 private:
  /// Gradients of the next step: K, or as many as there are workers for.
  [[nodiscard]] std::uint64_t needed() const;
  void count_up(std::uint32_t up, Actions& actions);
  void step(Actions& actions) const;

  Count count_;
  Rest rest_;
  std::uint64_t k_;
  std::uint32_t workers_;
  bool shrink_;
  std::uint32_t up_;  ///< workers that are
  std::unique_ptr<KSchedule> schedule_;
  std::uint64_t folded_ = 0;       ///< gradients in the slot
  std::vector<WorkerId> waiting_;  ///< pushed since the last update and not restarted
};

}  // namespace syncline
