#pragma once

#include "adasync_runs.hpp"

namespace syncline::repro {

/// For each variant: error on both splits and K against time, a table, and claims on the test error
/// averaged over time, decided on the seeds on which all contestants were run:
///
///   adasync-wins   AdaSync is below every fixed K (what the paper hopes for)
///   auto-below     `auto` is below AdaSync; so horizon-below
///   auto-close     `auto` is at most a tenth above the best fixed K; so horizon-close
///   horizon-auto   `horizon` is below `auto`
[[nodiscard]] Chapter contest_chapter(const Contest& contest, const Results& results);

}  // namespace syncline::repro
