#include "fleet/shards/sharded_parameters.hpp"
#include "fleet/training/run_parts.hpp"
#include "fleet/training/training_run.hpp"
#include "trace/config_json.hpp"

// Where the vectors of a run are.
namespace syncline {

template <class Real>
std::unique_ptr<Parameters<Real>> TrainingRun<Real>::make_parameters(
    std::optional<WayToWorkers>& way) {
  const OptimizerConfig optimizer = server_optimizer(config_, requirements_);
  const ServerLayout layout = server_layout(config_, requirements_, *program_, *workload_);
  if (!way || way->shards.empty()) {
    return std::make_unique<ParameterServer<Real>>(*workload_, optimizer, layout);
  }
  check_sharded(config_, *program_, wire_);
  const Slices slices(workload_->dimension(), workload_->buffers(),
                      static_cast<std::uint32_t>(way->shards.size()));
  std::vector<std::size_t> lengths;
  for (std::uint32_t shard = 0; shard < slices.count(); ++shard) {
    lengths.push_back(slices.length(shard));
  }
  if (!way->incarnation) way->incarnation = new_incarnation();
  hub_ = std::make_unique<ShardHub>(std::move(way->shards), way->token, *way->incarnation,
                                    to_json(config_).dump(), lengths, std::move(way->listening));
  return std::make_unique<ShardedParameters<Real>>(*hub_, slices, workload_->buffer_momentum(),
                                                   optimizer, layout);
}

template class TrainingRun<float>;
template class TrainingRun<double>;

}  // namespace syncline
