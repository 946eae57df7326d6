#include "fleet/decentralised/run.hpp"

#include <chrono>

#include "base/compute_threads.hpp"
#include "fleet/decentralised/pairs.hpp"
#include "fleet/decentralised/rounds.hpp"

namespace syncline {

template <class Real>
DecentralisedRun<Real>::DecentralisedRun(const RunConfig& config,
                                         std::shared_ptr<const Workload<Real>> workload)
    : network_(config, std::move(workload)),
      outbox_(network_),
      pool_(network_.workload(), compute_threads(config.threads)) {}

template <class Real>
DecentralisedResult DecentralisedRun<Real>::run(const Progress& progress) {
  const auto begin = std::chrono::steady_clock::now();
  std::vector<bool> faulty;
  for (WorkerId node = 0; node < network_.nodes(); ++node) faulty.push_back(outbox_.faulty(node));
  NodeRecord<Real> record(network_, pool_, std::move(faulty), progress);
  if (network_.method().timing == NodeMethod::Timing::rounds) {
    run_rounds(network_, outbox_, pool_, record);
  } else {
    run_pairs(network_, outbox_, pool_, record);
  }
  DecentralisedResult result = record.result(final_evaluation_);
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;
  result.run.seconds = seconds.count();
  return result;
}

template <class Real>
DecentralisedResult run_decentralised(const RunConfig& config,
                                      std::shared_ptr<const Workload<Real>> workload,
                                      const Progress& progress) {
  return DecentralisedRun<Real>(config, std::move(workload)).run(progress);
}

template class DecentralisedRun<float>;
template class DecentralisedRun<double>;
template DecentralisedResult run_decentralised(const RunConfig&,
                                               std::shared_ptr<const Workload<float>>,
                                               const Progress&);
template DecentralisedResult run_decentralised(const RunConfig&,
                                               std::shared_ptr<const Workload<double>>,
                                               const Progress&);

}  // namespace syncline
