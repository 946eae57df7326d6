#include "adasync_runs.hpp"
#include "studies.hpp"

namespace syncline::repro {
namespace {

constexpr double interval = 5;

std::vector<Run> runs(Scale scale) {
  RunConfig base;
  base.fleet.workers = 8;
  base.fleet.delay = "exponential(rate=50)";
  base.model.workload = "lenet";
  base.model.data = "cifar10";
  base.model.batch = 32;
  base.optimizer.step_size = 0.12;
  base.stop.time = scale == Scale::full ? 100 : 10;
  base.stop.evaluate_every = 2.5;
  const bool full = scale == Scale::full;
  return contest(full ? std::vector<std::string>{"k-sync", "k-async", "k-batch-sync", "k-batch-async"}
                      : std::vector<std::string>{"k-async"},
                 interval, base, full ? 5 : 1);
}

Chapter chapter(const Results&) { return {}; }

}  // namespace

Study adasync_lenet() {
  return {.id = "adasync-lenet",
          .title = "AdaSync on CIFAR-10, LeNet-type CNN",
          .original = "",
          .settings = "",
          .seeds = "1 to 5",
          .runs = runs,
          .chapter = chapter};
}

}  // namespace syncline::repro
