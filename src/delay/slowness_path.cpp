#include <cmath>
#include <limits>

#include "syncline/error.hpp"
#include "syncline/random.hpp"
#include "syncline/slowness.hpp"

namespace syncline {
namespace {

// A job of a heavy-tailed law can span more sojourns than there is time to draw, and most such jobs
// are never waited for. After this many their mean is known to about 0.1 %.
constexpr int exact_sojourns = 1'000'000;
constexpr double most_sojourns_ahead = 1e9;

bool is_slow(std::uint64_t index) { return index % 2 == 1; }

}  // namespace

SlownessPath::SlownessPath(const Slowness& slowness, std::uint64_t seed, std::uint32_t worker)
    : slowness_(slowness), seed_(seed), worker_(worker), end_(sojourn(0)) {}

double SlownessPath::sojourn(std::uint64_t index) const {
  const double mean = is_slow(index) ? slowness_.mean_slow : slowness_.mean_normal;
  return mean * DrawStream(Stream::slowness, {seed_, worker_, index}).exponential();
}

double SlownessPath::finish(double start, double work) {
  if (!(start >= begin_)) {
    throw InternalError("slowness of worker " + std::to_string(worker_) + ": a job starts at " +
                        std::to_string(start) + ", before the sojourn that began at " +
                        std::to_string(begin_));
  }
  const double mean_cycle = slowness_.mean_normal + slowness_.mean_slow;
  if (start - end_ > most_sojourns_ahead * mean_cycle) {
    throw ConfigError("slowness changes too often for jobs this long: virtual time " +
                      std::to_string(start) + " is over 10^9 changes ahead; use longer means");
  }
  while (end_ <= start) {
    begin_ = end_;
    end_ += sojourn(++index_);
  }
  if (std::isinf(work)) return std::numeric_limits<double>::infinity();

  // Looks ahead on copies: a cancelled job must leave the path where its successor starts. Adds up
  // what is lost rather than what is done, so that a job without slow time ends at start + work
  // exactly.
  double remaining = work;
  double lost = 0;
  double from = start;
  double until = end_;
  for (std::uint64_t index = index_; index - index_ < exact_sojourns; ++index) {
    const double factor = is_slow(index) ? slowness_.factor : 1;
    const double fits = (until - from) / factor;
    if (remaining <= fits) return start + work + (lost + remaining * (factor - 1));
    remaining -= fits;
    lost += (until - from) - fits;
    from = until;
    until += sojourn(index + 1);
  }
  // Long-run mean: work is done at full speed in the normal state, at 1 / factor in the slow one.
  const double work_per_cycle = slowness_.mean_normal + slowness_.mean_slow / slowness_.factor;
  return start + work + (lost + remaining * (mean_cycle / work_per_cycle - 1));
}

}  // namespace syncline
