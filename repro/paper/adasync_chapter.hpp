#pragma once

#include "adasync_runs.hpp"

namespace syncline::repro {

/// For each variant: error on both splits and K against time, a table, and claims on the test error
/// averaged over time, decided on the seeds on which all contestants were run:
///
///   adasync_wins   AdaSync is below every fixed K                     (what the paper hopes for)
///   auto_wins      `auto` is below AdaSync
///   horizon_wins   `horizon` is below AdaSync and `auto`
///   horizon_close  `horizon` is at most a tenth above the best fixed K
[[nodiscard]] Chapter contest_chapter(const Contest& contest, const Results& results);

}  // namespace syncline::repro
