#include <algorithm>

#include "adasync_chapter.hpp"
#include "studies.hpp"
#include "words.hpp"

namespace syncline::repro {
namespace {

constexpr const char* original =
    R"(The second version of the paper (arXiv 2003.10579) shows AdaSync on CIFAR-10: 8 workers,
mini-batches of 32, step size 0.12, K = 2, 4, 8 and AdaSync, error against time, for K-sync and
K-async. It claims the best of both ends: as fast as few at first, as low as many in the end.
Network, K at the start, interval and number of seeds could not be recovered.)";

constexpr const char* settings =
    R"(LeNet-type CNN of 62,006 parameters, 8 workers, exponential times of mean 0.02 s,
mini-batches of 32, plain SGD with step size 0.12 for everybody, 100 s of virtual time: 5,000 mean
times of a gradient, 40,000 gradients where nobody waits. AdaSync starts with K = 1 and decides
every 5 s. Errors are measured every 2.5 s on 2,000 fixed samples of each split; *over time* means
the area under the curve divided by its length. K-async with K = 8 is K-sync with K = 8, to the
bit.)";

constexpr const char* explanation =
    R"(AdaSync takes K = 1 for the right choice at the start and raises it with the ratio r of the
first training loss to the present one. The square-root rule (batch variants) reaches K = 2 at r =
2.25, the quadratic one at 2.42; here the loss starts at 2.3 and is near 1 at half time. So
AdaSync trains with K = 1 for most of the run.

Under K-sync, K = 1 is fastest for the first few seconds. After that what keeps the loss up is
noise, and in the async family noise and gradients that are 7 versions old, too much of both for a
step size of 0.12. AdaSync waits for the loss to fall before it raises K, and the loss waits for a
larger K. The interval is not at fault: a rule that looks at nothing but the loss decides the same
however often it is asked. What is at fault is K_0, into which the derivation puts every constant
that it does not know, the noise and what staleness does among them ([adasync.md](../adasync.md)).

[`auto`](../auto.md) measures the noise, but looks one update ahead. On this network an update's
gain and its noise soon balance, so each K seems to have stopped learning, and `auto` goes to K =
P within two seconds, although slow progress goes on underneath, and is faster the more updates
there are. That is the short-horizon bias (Wu et al., arXiv 1803.02021). It costs most under
K-sync and K-async, where waiting for all is expensive, and little in the batch variants, where it
is not. [`horizon`](../horizon.md) was made for this case: it measures the slow progress by
itself, at the mean of many versions. [Beyond the paper](beyond-horizon.md) tries it on a setting
that it was not made for.)";

Contest contest_at(Scale scale) {
  Contest contest;
  contest.id = "adasync-lenet";
  contest.variants = {"k-sync", "k-async", "k-batch-sync", "k-batch-async"};
  contest.ks = {2, 4, 8};
  contest.horizon = {"k-sync", "k-async"};
  contest.interval = 5;
  contest.until = 100;
  contest.targets = {0.55, 0.45, 0.42};
  contest.holding = {
      "k-sync/horizon-auto",     "k-sync/horizon-close",     "k-async/auto-below",
      "k-async/horizon-below",   "k-async/horizon-auto",     "k-async/horizon-close",
      "k-batch-sync/auto-close", "k-batch-async/auto-below", "k-batch-async/auto-close"};
  if (scale == Scale::quick) {
    contest.variants = {"k-async"};
    contest.until = 10;
  }
  return contest;
}

std::vector<Run> runs(Scale scale) {
  RunConfig base;
  base.fleet.workers = 8;
  base.fleet.delay = "exponential(rate=50)";
  base.model.workload = "lenet";
  base.model.data = "cifar10";
  base.model.batch = 32;
  base.optimizer.step_size = 0.12;
  base.stop.evaluate_every = 2.5;
  return contest_runs(contest_at(scale), base, scale == Scale::full ? 5 : 1);
}

/// The largest K at which AdaSync ended, on any variant and seed.
double last_k(const Results& results) {
  double k = 1;  // a run in which K never changed has no history
  for (const auto& [name, record] : results.runs) {
    if (name.find("-adasync-") == std::string::npos || record.at("k").empty()) continue;
    k = std::max(k, record.at("k").back()[1].get<double>());
  }
  return k;
}

Chapter chapter(const Results& results) {
  Chapter chapter = contest_chapter(contest_at(Scale::full), results);
  if (chapter.sections.empty()) return chapter;
  const double k = last_k(results);
  chapter.claims.push_back({"AdaSync's K never exceeds 2 in these runs", "here", k <= 2,
                            "the largest at the end of a run is " + number(k)});
  chapter.sections.insert(chapter.sections.begin(), {"Why AdaSync does not win here", explanation});
  return chapter;
}

}  // namespace

Study adasync_lenet() {
  return {.id = "adasync-lenet",
          .title = "AdaSync on CIFAR-10, LeNet-type CNN",
          .original = original,
          .settings = settings,
          .seeds = "1 to 5",
          .runs = runs,
          .chapter = chapter};
}

}  // namespace syncline::repro
