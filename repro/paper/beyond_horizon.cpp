#include "adasync_chapter.hpp"
#include "studies.hpp"

namespace syncline::repro {
namespace {

constexpr const char* original =
    R"([AdaSync on CIFAR-10](adasync-lenet.md) shows what AdaSync lacks: it knows neither the
noise nor what it would gain without it. [`horizon`](../horizon.md) measures both: how fast the
loss at the mean of many versions falls, and how far noise keeps the loss above that. It was
developed on the LeNet-type CNN, with seed 1. Here everything else is different: network, data,
batch, number and kind of machines.)";

constexpr const char* settings =
    R"(A network with one hidden layer of 64 on Fashion-MNIST, mini-batches of 8, step size 0.1,
16 workers with gamma times of shape 2, four of them half as fast as the other twelve, 1,200 units
of time. AdaSync starts with K = 1 and decides 20 times. Errors are measured 40 times on 2,000
fixed samples of each split.)";

Contest contest_at(Scale scale) {
  Contest contest;
  contest.id = "beyond-horizon";
  contest.variants = {"k-sync", "k-async"};
  contest.ks = {2, 4, 8, 16};
  contest.interval = 60;
  contest.horizon = contest.variants;
  contest.until = scale == Scale::full ? 1200 : 60;
  contest.time_unit = "units";
  contest.targets = {0.2, 0.16, 0.14};
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
          .original = original,
          .settings = settings,
          .seeds = "1 to 5",
          .runs = runs,
          .chapter = [](const Results& results) {
            return contest_chapter(contest_at(Scale::full), results);
          }};
}

}  // namespace syncline::repro
