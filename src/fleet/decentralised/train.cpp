#include <nlohmann/json.hpp>

#include "fleet/decentralised/nodes_json.hpp"
#include "fleet/decentralised/run.hpp"
#include "fleet/training/load_workload.hpp"
#include "syncline/decentralised.hpp"
#include "trace/config_json.hpp"
#include "trace/document.hpp"

namespace syncline {
namespace {

template <class Real>
nlohmann::ordered_json train_as(const RunConfig& config, const Progress& progress) {
  const auto result = run_decentralised<Real>(config, load_workload<Real>(config.model), progress);
  nlohmann::ordered_json document = run_document(to_json(config), result.run);
  document["nodes"] = nodes_json(result);
  return document;
}

}  // namespace

nlohmann::ordered_json train_decentralised(const RunConfig& config, const Progress& progress) {
  return double_precision(config.model) ? train_as<double>(config, progress)
                                        : train_as<float>(config, progress);
}

}  // namespace syncline
