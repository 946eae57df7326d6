#include "adasync_chapter.hpp"
#include "studies.hpp"

namespace syncline::repro {
namespace {

Contest contest_at(Scale scale) {
  Contest contest;
  contest.id = "adasync-lenet";
  contest.variants = {"k-sync", "k-async", "k-batch-sync", "k-batch-async"};
  contest.ks = {2, 4, 8};
  contest.horizon = {"k-sync", "k-async"};
  contest.interval = 5;
  contest.until = 100;
  contest.targets = {0.55, 0.45, 0.42};
  if (scale == Scale::quick) {
    contest.variants = {"k-async"};
    contest.until = 10;
  }
  return contest;
}

std::vector<Run> runs(Scale scale) {
  const Contest contest = contest_at(scale);
  RunConfig base;
  base.fleet.workers = 8;
  base.fleet.delay = "exponential(rate=50)";
  base.model.workload = "lenet";
  base.model.data = "cifar10";
  base.model.batch = 32;
  base.optimizer.step_size = 0.12;
  base.stop.evaluate_every = 2.5;
  return contest_runs(contest, base, scale == Scale::full ? 5 : 1);
}

}  // namespace

Study adasync_lenet() {
  return {
      .id = "adasync-lenet",
      .title = "AdaSync on CIFAR-10, LeNet-type CNN",
      .original =
          "The second version of the paper (arXiv 2003.10579) shows AdaSync on CIFAR-10: 8 "
          "workers, "
          "mini-batches of 32, step size 0.12, K = 2, 4, 8 and AdaSync, error against time, for "
          "K-sync and K-async. It claims the best of both ends: as fast as few at first, as low as "
          "many in the end. Network, K at the start, interval and number of seeds could not be "
          "recovered.",
      .settings =
          "LeNet-type CNN of 62,006 parameters, 8 workers, exponential times of mean 0.02 s, "
          "mini-batches of 32, plain SGD with step size 0.12 for everybody, 100 s of virtual time: "
          "5,000 mean times of a gradient, 40,000 gradients where nobody waits. AdaSync starts "
          "with "
          "K = 1 and decides every 5 s. Errors are measured every 2.5 s on 2,000 fixed samples of "
          "each split; *over time* means the area under the curve divided by its length. K-async "
          "with K = 8 is K-sync with K = 8, to the bit.",
      .seeds = "1 to 5",
      .runs = runs,
      .chapter = [](const Results& results) {
        return contest_chapter(contest_at(Scale::full), results);
      }};
}

}  // namespace syncline::repro
