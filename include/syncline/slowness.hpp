#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace syncline {

/// Time-varying slowness: each worker alternates between a normal state and a slow one with
/// exponential sojourn times (a two-state Markov process), independently of the others and of what
/// the policy does: the path is keyed by (seed, worker). Work that takes x in the normal state
/// takes `factor` * x in the slow one; a job that spans a change is charged piece by piece.
/// All workers start in the normal state.
struct Slowness {
  double mean_normal = 0;  ///< mean sojourn in the normal state, > 0
  double mean_slow = 0;    ///< mean sojourn in the slow state, > 0
  double factor = 1;       ///< >= 1
  bool operator==(const Slowness&) const = default;

  /// `markov(mean_normal=100, mean_slow=20, factor=5)`; "none" or "" gives nullopt. Throws
  /// ConfigError on anything else.
  static std::optional<Slowness> parse(std::string_view text);
};

/// One worker's path, read forward in time. Sojourn n is drawn from (seed, worker, n), so it is the
/// same whatever jobs are asked about. Not thread-safe; a value (copies continue alike).
class SlownessPath {
 public:
  SlownessPath(const Slowness& slowness, std::uint64_t seed, std::uint32_t worker);

  /// When a job that starts at `start` with normal-state duration `work` > 0 ends: start + work
  /// plus what it loses in each slow sojourn; +infinity for infinite work. Starts must not decrease
  /// from call to call (InternalError); the end of a job binds nothing, since it may be cancelled.
  /// Exact up to 1,000,000 sojourns in one job; a longer one is charged at the long-run mean speed
  /// from there on. ConfigError if `start` lies over 10^9 sojourns ahead.
  double finish(double start, double work);

 private:
  double sojourn(std::uint64_t index) const;

  Slowness slowness_;
  std::uint64_t seed_;
  std::uint32_t worker_;
  std::uint64_t index_ = 0;  ///< of the current sojourn; odd ones are slow
  double begin_ = 0;         ///< of the current sojourn
  double end_ = 0;
};

}  // namespace syncline
