#pragma once

#include <cstdint>
#include <limits>
#include <string_view>

namespace syncline {

using WorkerId = std::uint32_t;  ///< 0 .. workers-1
using Version = std::uint64_t;   ///< how many steps the server has taken
using Slot = std::uint32_t;      ///< where payloads are gathered at the server: a sum or a table

// Events: what a policy sees. All times are virtual or real time as a number.

/// The run starts. All workers are parked at version 0.
struct Begin {
  double time = 0;
  std::uint32_t workers = 0;
};

/// A worker has pushed the payload of a job; it must be consumed (Fold or Drop) in answer.
struct Arrive {
  double time = 0;
  WorkerId worker = 0;
  std::uint64_t job = 0;  ///< the worker's own count of jobs, from 0
  Version read = 0;       ///< the version that the job was computed at
  Version version = 0;    ///< the server's version now; version - read is the staleness
  double start = 0;  ///< when the job began; time - start is how long it took, messages included
  std::uint32_t steps = 1;  ///< that the job has done; a job that was stopped may have done none

  // Scalars of vectors: only what Requirements::observables declares, else NaN.
  double loss = std::numeric_limits<double>::quiet_NaN();  ///< mean loss of the mini-batch
  double norm = std::numeric_limits<double>::quiet_NaN();  ///< ||payload||, before any transform
  double distance = std::numeric_limits<double>::quiet_NaN();  ///< ||w_now - w_read||

  [[nodiscard]] Version staleness() const { return version - read; }
};

/// A busy worker has done as many steps of its job as Work::report asks to be told of.
struct Progressed {
  double time = 0;
  WorkerId worker = 0;
  std::uint64_t job = 0;
};

/// A worker is gone: an infinite straggler. The job it had is lost. The policy may go on as if the
/// worker were busy, or parked: what it sends to the worker begins when the worker is back, and if
/// it sends nothing, so does the lost job, at the version of that time.
struct WentDown {
  double time = 0;
  WorkerId worker = 0;
};

/// The worker is there again, busy with what the policy has it do, or parked.
struct CameUp {
  double time = 0;
  WorkerId worker = 0;
};

/// A step has been taken: the update instant, the only one at which K may change.
struct Stepped {
  double time = 0;
  Version version = 0;  ///< after the step

  // Scalars of vectors: only what Requirements::observables declares, else NaN.
  double length = std::numeric_limits<double>::quiet_NaN();  ///< ||w_after - w_before||
  double norm = std::numeric_limits<double>::quiet_NaN();    ///< ||g||, g the aggregate of the step
  double dot = std::numeric_limits<double>::quiet_NaN();     ///< <g, g of the step before>
  /// Sample variance of the payloads around their mean, sum ||g_i - mean||^2 / (K - 1).
  double spread = std::numeric_limits<double>::quiet_NaN();
};

/// A declared measurement is ready; delivered at time 0 and then at update instants, or after the
/// event whose answer asked for it.
struct Measured {
  double time = 0;
  std::string_view name;
  double value = 0;
};

/// An armed timer has run out.
struct TimerFired {
  double time = 0;
  std::uint32_t timer = 0;
};

}  // namespace syncline
