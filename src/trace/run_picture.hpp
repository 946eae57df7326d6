#pragma once

#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <map>
#include <string>
#include <vector>

#include "syncline/fit.hpp"
#include "syncline/host.hpp"
#include "trace/run_result.hpp"

namespace syncline {

/// How one worker stands. Times are those of the run: seconds on a real fleet, else virtual.
struct WorkerPicture {
  /// `unknown`: computing or parked; what the picture was made from doesn't tell which.
  enum class State : std::uint8_t { computing, parked, down, unknown };

  State state = State::unknown;
  double since = 0;              ///< when the state began: when its job did, for one that computes
  Version read = 0;              ///< the version that its last job started from
  std::uint64_t steps = 0;       ///< jobs that were done and have arrived
  double step_time = 0;          ///< how long all of them took, from order to arrival
  std::uint64_t unfinished = 0;  ///< jobs that were ended before: cancelled, stopped or lost
  // How long its jobs take, by the last RunPicture::window of them. Of an unfinished one it is
  // known that it would have taken longer, so a quantile may be beyond all that is known: then it
  // is infinite. NaN without jobs.
  double median = std::numeric_limits<double>::quiet_NaN();
  double p95 = std::numeric_limits<double>::quiet_NaN();
  std::uint64_t contributed = 0;  ///< payloads that the policy took

  /// Sets median and p95 by the product-limit estimate; unfinished jobs are the censored ones.
  void set_quantiles(const std::vector<Timing>& recent);
};

/// Stalenesses of the payloads that the policy took, in the bins 0, 1, 2, 3 to 4, 5 to 8, ...
struct StalenessBins {
  /// The last one has no upper end.
  static constexpr std::size_t count = 12;

  std::array<std::uint64_t, count> counts = {};
  std::uint64_t sum = 0;
  std::uint64_t largest = 0;

  void add(std::uint64_t staleness);
  [[nodiscard]] static std::size_t bin_of(std::uint64_t staleness);
  /// Of a bin but the last.
  [[nodiscard]] static std::uint64_t largest_in(std::size_t bin) {
    return bin == 0 ? 0 : std::uint64_t{1} << (bin - 1);
  }
  [[nodiscard]] std::uint64_t total() const {
    std::uint64_t total = 0;
    for (const std::uint64_t in_bin : counts) total += in_bin;
    return total;
  }
  /// NaN of none.
  [[nodiscard]] double mean() const {
    return static_cast<double>(sum) / static_cast<double>(total());
  }
  bool operator==(const StalenessBins&) const = default;
};

/// How a run stands: what `top` shows and what the metrics tell. Counts are since this process
/// began, those of `account` since the run did.
struct RunPicture {
  /// Quantiles of step times are of so many last jobs of a worker; rates of so many last updates.
  static constexpr std::size_t window = 64;

  std::string policy;
  std::string fleet;  ///< fleet.kind
  std::vector<WorkerPicture> workers;
  double time = 0;
  Version version = 0;
  /// Payloads that a step takes: what the policy has published as "k", else the fewest.
  double k = 0;
  double update_rate = std::numeric_limits<double>::quiet_NaN();  ///< updates per unit of time
  Account account;
  std::map<std::string, std::uint64_t> drops;    ///< by reason
  std::map<std::string, std::uint64_t> refused;  ///< messages, by reason
  StalenessBins staleness;
  /// The last evaluation: when, at which version, and what it found. NaN where there is none.
  double evaluation_time = std::numeric_limits<double>::quiet_NaN();
  Version evaluation_version = 0;
  Metrics metrics = {std::nan(""), std::nan(""), std::nan("")};
  std::uint64_t evaluations = 0;
  std::uint64_t checkpoints = 0;         ///< written
  std::uint64_t failed_checkpoints = 0;  ///< that could not be written
  std::string outcome;                   ///< of a run that is over; empty: it goes on
};

}  // namespace syncline
