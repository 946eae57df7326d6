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

constexpr const char* findings =
    R"(Both rules that measure beat AdaSync, which starts with K = 1 and never gets far from it: under
K-async that is far too stale for this step size, and the network hardly learns at all. But the one
that was made where `auto` fails does not beat `auto` here. On this small network `auto` is better
than every fixed K: it starts small and ends near P, as AdaSync was meant to. `horizon` takes small K
for too good, tries them, has to bar them, and loses time with each try; most under K-async, where a
try at K = 1 does damage.

So neither replaces the other. What one update is worth (`auto`) is the right measure where the loss
has few steep directions, what is learnt in the long run (`horizon`) where they hide the progress, as
in the LeNet-type CNN. Both are far safer than a K_0 taken on trust.)";

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
  contest.holding = {"k-sync/auto-below",    "k-sync/auto-close",  "k-sync/horizon-below",
                     "k-sync/horizon-close", "k-async/auto-below", "k-async/auto-close",
                     "k-async/horizon-below"};
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

Chapter chapter(const Results& results) {
  Chapter chapter = contest_chapter(contest_at(Scale::full), results);
  if (!chapter.sections.empty()) {
    chapter.sections.insert(chapter.sections.begin(), {"What came out", findings});
  }
  return chapter;
}

}  // namespace

Study beyond_horizon() {
  return {.id = "beyond-horizon",
          .title = "A rule in place of AdaSync's, on a setting that it had not seen",
          .original = original,
          .settings = settings,
          .seeds = "1 to 5",
          .runs = runs,
          .chapter = chapter};
}

}  // namespace syncline::repro
