#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <string>

#include <nlohmann/json_fwd.hpp>

#include "fleet/fleet_event.hpp"
#include "fleet/worker/job_payloads.hpp"
#include "syncline/host.hpp"

namespace syncline {

/// A cancelled job, given up by its worker.
struct Abandoned {
  double time = 0;
  WorkerId worker = 0;
  std::uint64_t job = 0;
  std::uint64_t pieces_done = 0;  ///< micro-batches that were computed
  std::uint64_t pieces = 0;       ///< of how many
};

/// The workers of one run and what makes time pass for them. The run asks for the next event, sees
/// to what comes before it (evaluations), and lets it happen. Not thread-safe.
template <class Real>
class RunFleet {
 public:
  virtual ~RunFleet() = default;

  [[nodiscard]] virtual Host& host() = 0;
  [[nodiscard]] virtual JobPayloads<Real>& payloads() = 0;
  [[nodiscard]] virtual double now() const = 0;

  virtual void begin() = 0;
  /// The run has begun, or was restored: from here on, work may be done ahead.
  virtual void ready() = 0;
  /// When the next event happens; +infinity if nothing can happen any more. A real fleet waits for
  /// it, but not beyond `deadline` nor for long: it returns the present if nothing has happened.
  virtual double next_time(double deadline) = 0;
  /// Lets the next event happen, if next_time() has found one.
  virtual void advance() = 0;
  /// Delivers the measurement that is due.
  virtual void deliver(double value) = 0;

  /// Told of every event of a real fleet, or of a replayed one, before it happens, and of what a
  /// cancelled job had come to when its worker gave it up. In virtual time nobody needs to know.
  [[nodiscard]] virtual bool tells_events() const { return false; }
  virtual void on_event(std::function<void(const FleetEvent&)>) {}
  virtual void on_abandoned(std::function<void(const Abandoned&)>) {}
  /// Told, in words, who comes and goes, and what is waited for.
  virtual void on_news(std::function<void(const std::string&)>) {}
  /// What came from workers that should not have: what it was -> how often.
  [[nodiscard]] virtual std::map<std::string, std::uint64_t> oddities() const { return {}; }
  /// Whether that it can't go on is how it ends: a replay, at the end of what was recorded.
  [[nodiscard]] virtual bool ends_by_itself() const { return false; }
  /// What to tell the user when nothing can happen any more.
  [[nodiscard]] virtual std::string why_nothing_happens() const = 0;

  // For checkpoints: the clock.
  [[nodiscard]] virtual nlohmann::json clock_state() = 0;
  virtual void restore_clock(const nlohmann::json& state) = 0;

  // Against the death of the server. In virtual time nothing comes from outside, so what is lost
  // comes again by itself.
  /// From now on, what comes to the fleet is written beside a checkpoint that has just been made;
  /// `follows`: the name of the one before. At most so many updates may be lost. Throws DataError.
  virtual void keep_journal(const std::filesystem::path& /*checkpoint*/,
                            const std::string& /*follows*/, std::uint64_t /*most_lost*/) {}
  [[nodiscard]] virtual std::uint64_t journal_bytes() const { return 0; }
  /// What was written so after this checkpoint is repeated first, as if it came now. To be called
  /// before anything is restored.
  virtual void repeat_journal(const std::filesystem::path& /*checkpoint*/) {}
  [[nodiscard]] virtual bool repeating() const { return false; }
};

}  // namespace syncline
