#include "adasync_chapter.hpp"
#include "studies.hpp"

namespace syncline::repro {
namespace {

constexpr const char* original =
    R"(The same question as for the [LeNet-type CNN](adasync-lenet.md) on a network with batch norm
that could be the paper's own, which names none.)";

constexpr const char* settings =
    R"(ResNet-20 of 269,722 parameters, K-async, 8 workers, exponential times of mean 0.02 s,
mini-batches of 32, plain SGD with step size 0.12, no augmentation, 20 s of virtual time: 1,000 mean
times of a gradient, 8,000 gradients where nobody waits. AdaSync starts with K = 1 and decides every
second. Errors are measured every second on 1,000 fixed samples of each split.)";

Contest contest_at(Scale scale) {
  Contest contest;
  contest.id = "adasync-resnet";
  contest.variants = {"k-async"};
  contest.ks = {2, 4, 8};
  contest.interval = 1;
  contest.until = scale == Scale::full ? 20 : 0.5;
  contest.targets = {0.6, 0.5, 0.4};
  return contest;
}

std::vector<Run> runs(Scale scale) {
  const Contest contest = contest_at(scale);
  RunConfig base;
  base.fleet.workers = 8;
  base.fleet.delay = "exponential(rate=50)";
  base.model.workload = "resnet20";
  base.model.data = "cifar10";
  base.model.batch = 32;
  base.optimizer.step_size = 0.12;
  base.stop.evaluate_every = 1;
  base.stop.evaluation_samples = scale == Scale::full ? 1000 : 250;
  return contest_runs(contest, base, scale == Scale::full ? 2 : 1);
}

}  // namespace

Study adasync_resnet() {
  return {.id = "adasync-resnet",
          .title = "AdaSync on CIFAR-10, ResNet-20",
          .original = original,
          .settings = settings,
          .seeds = "1 and 2",
          .runs = runs,
          .chapter = [](const Results& results) {
            return contest_chapter(contest_at(Scale::full), results);
          }};
}

}  // namespace syncline::repro
