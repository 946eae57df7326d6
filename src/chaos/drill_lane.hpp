#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "chaos/drill.hpp"

namespace syncline {

/// Everything that one run of a drill needs, in the order in which it goes down.
struct DrillLane {
  DrillNetwork network;
  DrillSecrets secrets;
  std::unique_ptr<DrillFleet> fleet;
  std::unique_ptr<Strangers> strangers;
  std::unique_ptr<DrillRun> run;

  /// Begins a run of `job` in `folder`, whose outputs are set already.
  DrillLane(const DrillSettings& settings, const Settings& job, const std::filesystem::path& folder,
            const DrillNetworkSettings& network_settings, const std::vector<PlannedFault>& plan,
            const DrillRunSettings& run_settings, std::function<void(const MadeFault&)> say)
      : network(network_settings),
        secrets(make_drill_secrets(settings.folder / "secrets" / folder.filename(), network.hosts(),
                                   settings.tls)),
        fleet(std::make_unique<DrillFleet>(settings.program, folder, job, network, secrets,
                                           network_settings.read_messages, settings.shards)),
        strangers(std::make_unique<Strangers>(settings.program, folder, network, secrets)),
        run(std::make_unique<DrillRun>(*fleet, plan, network, *strangers, run_settings,
                                       std::move(say))) {}
};

}  // namespace syncline
