#pragma once

#include <string>
#include <vector>

namespace syncline::testing {

/// Texts of every policy of the registry, for 4 or more workers; a test holds the list to it.
inline const std::vector<std::string>& sample_policies() {
  static const std::vector<std::string> texts = {
      "sync",
      "async",
      "k-sync(k=1)",
      "k-sync(k=3)",
      "k-sync(k=3, rest=finish)",
      "k-batch-sync(k=2)",
      "k-batch-sync(k=9)",
      "k-batch-sync(k=3, rest=finish)",
      "k-async(k=1)",
      "k-async(k=3)",
      "k-batch-async(k=3)",
      "k-batch-async(k=9)",
      "adasync(base=k-sync, k0=1, interval=3)",
      "adasync(base=k-async, k0=2, interval=3, monotone=no)",
      "adasync(base=k-batch-sync, k0=2, interval=1, k_max=9)",
      "adasync(base=k-batch-async, k0=1, interval=2, rule=quadratic)",
      "auto(base=k-sync, interval=1)",
      "auto(base=k-batch-sync, interval=1, k_min=2, k_max=9)",
      "auto(base=k-async, interval=2)",
      "auto(base=k-batch-async, interval=1, k_max=3)",
      "horizon(base=k-sync)",
      "horizon(base=k-batch-sync, k_min=2, k_max=9)",
      "horizon(base=k-async, horizon=4)",
      "horizon(base=k-batch-async, k_max=3)",
      "rennala(batch=3)",
      "rennala(batch=2, rest=finish)",
      "ringmaster(limit=2)",
      "ringmaster(limit=3, stops=no)",
      "ringmaster(limit=0)",
      "clipped-asgd",
      "clipped-asgd(norm=2)",
      "throttle(q=1.5)",
      "throttle(q=2, radius=1)",
      "mindflayer",
      "mindflayer(gradients=20)",
      "delay-adaptive",
      "delay-adaptive(beyond=skip)",
      "softsync(n=2)",
      "softsync(n=1, scaled=no)",
      "ssp(slack=0)",
      "ssp(slack=2)",
      "picky(radius=1)",
      "gap-aware",
      "dc-asgd",
      "dc-asgd(lambda=2, adaptive=yes)",
      "backup-workers(backups=1)",
      "backup-workers(backups=2, rest=cancel)",
      "fastest-k(start=1, increment=1, threshold=2, burn_in=3)",
      "gradient-coding(stragglers=0)",
      "ata(batch=7)",
      "malenia",
      "malenia(gradients=30)",
      "ringleader",
      "ia2sgd",
      "rescaled",
      "rescaled(by=count, cap=4)",
      "fedavg(steps=3)",
      "fedavg(steps=2, clients=3, quorum=2)",
      "adacomm(steps=8, interval=2)",
      "fedbuff(buffer=3, steps=2)",
      "fedasync(steps=2)",
      "async-local-sgd(steps=4)",
      "fedlomo(steps=2, clients=3)",
      "fedglomo(steps=2, clients=3)",
  };
  return texts;
}

}  // namespace syncline::testing
