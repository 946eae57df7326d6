#include "adasync_chapter.hpp"
#include "studies.hpp"

namespace syncline::repro {
namespace {

Contest contest_at(Scale scale) {
  Contest contest;
  contest.id = "beyond-horizon";
  contest.variants = {"k-sync", "k-async"};
  contest.ks = {2, 4, 8, 16};
  contest.interval = 60;
  contest.horizon = contest.variants;
  contest.until = scale == Scale::full ? 1200 : 60;
  contest.time_unit = "mean times of a gradient";
  contest.targets = {0.2, 0.15, 0.13};
  return contest;
}

std::vector<Run> runs(Scale scale) {
  const Contest contest = contest_at(scale);
  RunConfig base;
  base.fleet.workers = 16;
  base.fleet.delay = "12*gamma(shape=2, scale=0.4),4*gamma(shape=2, scale=0.8)";
  base.model.workload = "mlp(hidden=64)";
  base.model.data = "fashion-mnist";
  base.model.batch = 8;
  base.optimizer.step_size = 0.1;
  base.stop.evaluate_every = contest.until / 40;
  return contest_runs(contest, base, scale == Scale::full ? 5 : 1);
}

}  // namespace

Study beyond_horizon() {
  return {.id = "beyond-horizon",
          .title = "A rule in place of AdaSync's, on a setting that it had not seen",
          .original = "",
          .settings = "",
          .seeds = "1 to 5",
          .runs = runs,
          .chapter = [](const Results& results) {
            return contest_chapter(contest_at(Scale::full), results);
          }};
}

}  // namespace syncline::repro
