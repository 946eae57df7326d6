#include "syncline/race.hpp"

namespace syncline {
namespace {

constexpr const char* fashion_mnist = R"toml(
[race]
title = "fashion-mnist"
policies = ["sync", "k-sync(k=4)", "k-batch-sync(k=4)", "k-async(k=4)", "k-batch-async(k=4)",
            "async", "adasync(base=k-async, k0=1, interval=30)"]
seeds = 5
step_sizes = "both"
step_size_grid = [0.125, 0.25, 0.5, 1.0, 2.0, 4.0]
tuning_seeds = 2

[fleet]
workers = 8
delay = "exponential(rate=1)"

[model]
workload = "mlp(hidden=32)"
data = "fashion-mnist"
batch = 16

[optimizer]
step_size = 0.1

[stop]
metric = "test_error"
target = 0.2
time = 600
)toml";

constexpr const char* cifar10 = R"toml(
[race]
title = "cifar10"
policies = ["sync", "k-sync(k=4)", "k-batch-sync(k=4)", "k-async(k=4)", "k-batch-async(k=4)",
            "async", "adasync(base=k-async, k0=1, interval=60)"]
seeds = 5
step_sizes = "both"
step_size_grid = [0.25, 0.5, 1.0, 2.0]
tuning_seeds = 1

[fleet]
workers = 8
delay = "shifted-exponential(shift=0.5, rate=1)"

[model]
workload = "lenet"
data = "cifar10"
batch = 32

[optimizer]
step_size = 0.12

[stop]
metric = "test_error"
target = 0.5
time = 3000
)toml";

}  // namespace

const std::vector<ReadyMadeRace>& ready_made_races() {
  static const std::vector<ReadyMadeRace> races = {
      {"fashion-mnist",
       "a small network on Fashion-MNIST, 8 workers with exponential times; a few minutes",
       fashion_mnist},
      {"cifar10",
       "a LeNet-type network on CIFAR-10, 8 workers with shifted-exponential times; hours",
       cifar10}};
  return races;
}

}  // namespace syncline
