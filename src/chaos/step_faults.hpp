#pragma once

#include <cstdint>
#include <deque>
#include <vector>

#include "chaos/fault_injector.hpp"

namespace syncline {

/// Makes the faults of a plan one after the other, each when its message passes: waits until all is
/// well, lets the proxies stop the next such message, strikes, and lets it go. What does not come
/// by itself is brought about: a worker that is cut off says hello, a worker too many is refused, a
/// server that is told to end says goodbye, and is started again. For the main thread.
class StepFaults {
 public:
  using Clock = FaultInjector::Clock;

  /// The network must read messages. The references must outlive this.
  StepFaults(const std::vector<PlannedFault>& plan, DrillFleet& fleet, DrillNetwork& network,
             FaultInjector& injector);

  void poll(Clock::time_point now);
  /// Nothing more happens, and nothing is held back.
  void end();

  /// Whether all were made and mended, and the server knows who is gone and who is there.
  [[nodiscard]] bool done() const;
  /// Messages that were given up, since so much else passed without them.
  [[nodiscard]] const std::vector<std::size_t>& given_up() const { return given_up_; }

 private:
  [[nodiscard]] bool all_well();
  void arm();
  void bring_about(const PlannedFault& fault);
  [[nodiscard]] bool waits_in_vain() const;
  /// How many of the message, for each worker, have passed since the last armed or struck.
  [[nodiscard]] std::uint64_t passed_since(const char* message) const;

  DrillFleet& fleet_;
  DrillNetwork& network_;
  FaultInjector& injector_;
  std::deque<PlannedFault> left_;
  bool armed_ = false;
  PassedMessages passed_before_ = {};  ///< the last was armed, or struck
  std::vector<std::size_t> given_up_;
};

}  // namespace syncline
