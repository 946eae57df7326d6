#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>

#include "fleet/worker/job_payloads.hpp"

namespace syncline {

/// What workers tell.
template <class Real>
struct WorkerMessage {
  enum class Kind : std::uint8_t {
    arrived,     ///< the payload of a job, or what a stopped job has come to
    progressed,  ///< as many steps are done as were to be reported
    abandoned,   ///< a cancelled job is given up
    down,        ///< the worker is gone
    up           ///< it is there, or there again
  };
  Kind kind = Kind::arrived;
  std::chrono::steady_clock::time_point time;  ///< when it got here; does not decrease
  WorkerId worker = 0;
  std::uint64_t job = 0;
  Payload<Real> payload;          ///< arrived
  JobStart<Real> start;           ///< arrived, abandoned: what the worker holds no longer, if any
  std::uint64_t pieces_done = 0;  ///< abandoned: micro-batches that were computed
  std::uint64_t pieces = 0;       ///< abandoned: of how many
};

/// The way to the workers of a real fleet. Used by one thread; a second may receive.
template <class Real>
class WorkerPort {
 public:
  virtual ~WorkerPort() = default;

  /// The present, by the clock of deadlines and messages.
  [[nodiscard]] virtual std::chrono::steady_clock::time_point now() const {
    return std::chrono::steady_clock::now();
  }

  /// Has a worker that is there begin a job. `memory`: its own; workers elsewhere keep theirs.
  virtual void assign(const Job& job, const JobStart<Real>& start,
                      const WorkerMemory<Real>& memory) = 0;
  /// The worker's job is not wanted any more; whatever still comes of it may be ignored.
  virtual void cancel(WorkerId worker) = 0;
  /// The worker's job is to end: what it has done arrives.
  virtual void stop(WorkerId worker) = 0;
  /// A payload of the worker was used: what it remembers of that job holds.
  virtual void used(const Job&) {}
  /// The next message; nullopt if none comes until then. Throws what went wrong at a worker.
  virtual std::optional<WorkerMessage<Real>> receive(
      std::chrono::steady_clock::time_point deadline) = 0;
  /// Told, in words, of who comes and goes.
  virtual void on_news(std::function<void(const std::string&)>) {}
  /// What came that should not have: what it was -> how often.
  [[nodiscard]] virtual std::map<std::string, std::uint64_t> oddities() const { return {}; }
  /// Takes the memory of a payload back.
  virtual void recycle(std::vector<Real>&& values) = 0;
};

}  // namespace syncline
