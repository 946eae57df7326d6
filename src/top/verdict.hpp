#pragma once

#include <string>
#include <vector>

#include "trace/run_picture.hpp"

namespace syncline {

/// What is to be said of a worker's pace.
enum class Verdict : std::uint8_t {
  unknown,  ///< too few of its jobs are known
  fine,
  slow,  ///< its steps take longer than those of the others
  late   ///< the step that it is at takes longer than its steps do
};

/// How a worker compares with the fleet.
struct Pace {
  Verdict verdict = Verdict::unknown;
  double ratio = 0;  ///< its median step time over the fleet's; 0 if not known, perhaps infinite
};

/// The rule, worker by worker. With M the median of the workers' median step times and MAD the
/// median of their distances from M, over workers with at least 5 jobs, a worker is slow if its
/// median is above M + 6 MAD (four standard deviations, if they were normal) and above 1.1 M. A
/// worker that computes is late once its present job is older than three times its own 95 %
/// quantile (where that is not known, than three times the fleet's median of them). Slow workers
/// are exceptions: where half of the fleet is slow, nobody is called so.
[[nodiscard]] std::vector<Pace> paces(const RunPicture& picture);

/// "slow 2.3x", "late", "ok", "".
[[nodiscard]] std::string to_text(const Pace& pace);

}  // namespace syncline
