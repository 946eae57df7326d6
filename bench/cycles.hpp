#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "transport/transport.hpp"

// What one push and pull of a cluster take: a run of the policy async through the server's and the
// worker's own code, from the message to the step and back, with workers that compute nothing.
namespace syncline {

struct CycleRun {
  std::size_t floats = 0;  ///< of the model
  std::uint64_t updates = 0;
  std::uint32_t workers = 1;
  std::string log;  ///< event log to write; empty: none
  std::string optimizer = "sgd";
};

/// Serves the run; returns when each update was done, in seconds, without the first fifth of them.
[[nodiscard]] std::vector<double> serve_cycles(std::unique_ptr<ServerTransport> transport,
                                               const CycleRun& run);

/// Takes part in it, until it is over: answers each job at once, with the same numbers.
void answer_cycles(WorkerTransport& transport);

/// What a server does with its vectors between a push and a pull, and nothing else.
class BareServer {
 public:
  BareServer(std::size_t floats, const std::string& optimizer);
  ~BareServer();
  BareServer(const BareServer&) = delete;
  BareServer& operator=(const BareServer&) = delete;

  void fold_and_step(std::span<const float> gradient);
  /// Until the next step.
  [[nodiscard]] std::span<const float> model() const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

/// Seconds of a fold and a step, alone: the median of so many.
[[nodiscard]] double fold_and_step(std::size_t floats, int repetitions,
                                   const std::string& optimizer);

/// Of the times between updates.
[[nodiscard]] double median_cycle(const std::vector<double>& times);
[[nodiscard]] double median(std::vector<double> values);

}  // namespace syncline
