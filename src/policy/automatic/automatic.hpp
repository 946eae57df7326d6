#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "policy/automatic/decision.hpp"
#include "policy/automatic/job_times.hpp"
#include "policy/automatic/noise_scale.hpp"
#include "policy/automatic/relay.hpp"
#include "policy/policy_entry.hpp"

namespace syncline {

/// `auto` over all families: it runs one of its candidates (candidates.hpp) as an inner policy, and
/// now and then probes, decides anew (decision.hpp), and may switch. docs/auto.md.
///
/// A probe is a policy with fresh batches that cancels nothing and waits for nobody in particular,
/// k-batch-sync(rest=finish), so that it shows both the noise scale and whole durations, of slow
/// workers as well. The first one lasts until there are enough steps and gradients; between two
/// there are 2, 4, 8, 16, then always 19 times as many gradients as in a probe: 5 % of all. Where
/// the workers' data differ the probe is sync, since everybody has to be heard there.
///
/// Whatever runs begins and ends at an update instant, but for a policy that makes no update for
/// very long: a timer of `auto` ends that and probes.
class Automatic final : public Policy {
 public:
  /// What the step sizes of candidates are.
  enum class Steps {
    given,  ///< as configured
    fitted  ///< in the proportions of the theory: as configured for a probe, times (1 + S / K of
            ///< the probe) / (1 + R + S / K)
  };

  Automatic(Steps steps, PolicyContext context);
  Automatic(const Automatic& other);

  [[nodiscard]] std::unique_ptr<Policy> clone() const override;
  [[nodiscard]] Requirements requirements() const override;
  void begin(const Begin& event, Actions& actions) override;
  void arrive(const Arrive& event, Actions& actions) override;
  void stepped(const Stepped& event, Actions& actions) override;
  void timer_fired(const TimerFired& event, Actions& actions) override;
  void went_down(const WentDown& event, Actions& actions) override;
  void came_up(const CameUp& event, Actions& actions) override;
  [[nodiscard]] nlohmann::json state() const override;
  void restore(const nlohmann::json& state) override;

 private:
  [[nodiscard]] std::string probe_text() const;
  [[nodiscard]] std::uint32_t probe_batch() const;  ///< gradients in a step of it
  [[nodiscard]] std::uint32_t watch() const { return context_.workers; }  ///< our timer
  /// Hands on what the inner policy has answered, up to the step at which it is replaced.
  void pass(Actions& actions, const Arrive* arrival);
  void note_fold(const Action& fold, const Arrive& arrival);
  void learn_from_step(const Stepped& event);
  [[nodiscard]] bool over_at_next_step() const;
  /// The inner policy gives way to another, at an update instant or where there is no update.
  void turn(double time, Version version, Actions& actions);
  void probe(double time, Version version, Actions& actions);
  void choose(double time, Version version, Actions& actions);
  void start(const std::string& text, double time, Version version, Actions& actions);

  Steps steps_;
  PolicyContext context_;
  JobTimes times_;
  NoiseScale noise_;

  std::unique_ptr<Policy> inner_;
  std::string text_;    ///< of the inner policy
  std::string chosen_;  ///< the last candidate chosen; empty before the first choice
  Relay relay_;
  Version base_ = 0;  ///< the version that the inner policy takes for 0
  bool probing_ = false;
  bool records_ = false;  ///< durations are whole: nothing has been cancelled
  bool turning_ = false;  ///< at the step that is being taken
  double k_ = 0;          ///< as published

  // Of this phase.
  std::uint64_t arrivals_ = 0;
  std::uint64_t updates_ = 0;
  std::vector<double> heard_;  ///< when each worker's last payload came, or the phase began
  std::uint64_t probed_ = 0;   ///< payloads in the last probe
  std::uint64_t share_ = 0;    ///< how many times that many this phase has, if no probe

  // Of the step that is being gathered.
  std::uint64_t folded_ = 0;
  double weight_ = 0;
  bool fresh_ = true;  ///< all into slot 0, at their own version

  std::vector<bool> down_;
  double patience_ = 0;  ///< longest time without an update; 0: no watch
  double strain_ = 1;    ///< by how much more patience there is after it was in vain
  Version watched_ = 0;  ///< the version when the watch began
  Actions scratch_;      ///< answers of the inner policy, empty between events
};

}  // namespace syncline
