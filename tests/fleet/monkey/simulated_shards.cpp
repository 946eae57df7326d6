#include "fleet/monkey/simulated_shards.hpp"

#include <utility>

#include "fleet/shards/shard.hpp"
#include "transport/simulated/simulated_listening.hpp"

namespace syncline::testing {

void begin_shard(SimulatedNetwork& network, SimulatedNetwork::Process process,
                 std::function<void(const std::string&)> told,
                 std::function<void(const std::string&)> failed) {
  network.run(process, [told = std::move(told), failed = std::move(failed)](ServerTransport& end) {
    try {
      serve_shard(end, {}, "", told, [] { return false; });
    } catch (const std::exception& error) {
      failed(error.what());
    }
  });
}

void call_shards(SimulatedNetwork& network, SimulatedNetwork::Process first, std::size_t count,
                 WayToWorkers& way) {
  const auto server = SimulatedNetwork::server_process;
  auto listening = std::make_unique<SimulatedListening>(network, server);
  for (auto shard = first; shard < first + count; ++shard) {
    const auto came = [&own = *listening] { own.look(); };
    way.shards.push_back({std::to_string(shard), network.connect(server, came, shard)});
  }
  way.listening = std::move(listening);
}

SimulatedNetwork::Process blamed_shard(const std::string& error) {
  static const std::string before = " at ";
  const auto place = error.find(before);
  if (!error.starts_with("shard ") || place == std::string::npos) return 0;
  return std::stoul(error.substr(place + before.size()));
}

}  // namespace syncline::testing
