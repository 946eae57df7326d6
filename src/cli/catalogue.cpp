#include "cli/catalogue.hpp"

#include "syncline/aggregator.hpp"
#include "syncline/attack.hpp"
#include "syncline/codec.hpp"
#include "syncline/dataset.hpp"
#include "syncline/decentralised.hpp"
#include "syncline/delay_law.hpp"
#include "syncline/optimizer.hpp"
#include "syncline/policy.hpp"
#include "syncline/race.hpp"
#include "syncline/registry.hpp"
#include "syncline/step_size.hpp"
#include "syncline/transform.hpp"
#include "syncline/workload.hpp"

namespace syncline {
namespace {

template <class Factory>
Catalogue catalogue_of(const std::string& kind, const Registry<Factory>& registry) {
  Catalogue catalogue{kind, {}};
  for (const auto& entry : registry.entries()) {
    catalogue.entries.push_back({entry.name, entry.summary, entry.source, entry.parameters});
  }
  return catalogue;
}

Catalogue races() {
  Catalogue catalogue{"races", {}};
  for (const auto& race : ready_made_races()) {
    catalogue.entries.push_back({race.name, race.summary, "", {}});
  }
  return catalogue;
}

}  // namespace

const std::vector<Catalogue>& catalogues() {
  static const std::vector<Catalogue> all = {catalogue_of("policies", policies()),
                                             catalogue_of("node-methods", node_methods()),
                                             catalogue_of("topologies", topologies()),
                                             catalogue_of("delays", delay_laws()),
                                             catalogue_of("models", workloads()),
                                             catalogue_of("optimizers", optimizers()),
                                             catalogue_of("schedules", step_size_schedules()),
                                             catalogue_of("rules", step_size_rules()),
                                             catalogue_of("aggregators", aggregators()),
                                             catalogue_of("transforms", transforms()),
                                             catalogue_of("codecs", codecs()),
                                             catalogue_of("attacks", attacks()),
                                             catalogue_of("datasets", datasets()),
                                             catalogue_of("partitions", partitions()),
                                             races()};
  return all;
}

}  // namespace syncline
