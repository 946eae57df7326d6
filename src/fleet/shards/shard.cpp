#include "fleet/shards/shard.hpp"

#include <memory>

#include <nlohmann/json.hpp>

#include "fleet/cluster/same_secret.hpp"
#include "fleet/shards/shard_inbox.hpp"
#include "fleet/shards/shard_run.hpp"
#include "fleet/training/load_workload.hpp"
#include "syncline/error.hpp"
#include "syncline/options.hpp"

namespace syncline {
namespace {

/// Why a coordinator can't be taken; empty: it can.
std::string objection(const ShardHello& hello, const std::string& token) {
  if (hello.magic != protocol_magic || hello.version != protocol_version) {
    return "it speaks another version of the protocol: run the same version of Syncline on both";
  }
  if (!same_secret(hello.token, token)) return "it has not the token of this job";
  if (hello.shard >= hello.shards) return "there is no such shard";
  return "";
}

RunConfig config_of(const ShardHello& hello, const std::string& data_folder) {
  const auto sections = nlohmann::ordered_json::parse(hello.config, nullptr, false);
  if (sections.is_discarded()) throw MalformedMessage("the run's configuration is no JSON");
  Settings settings = default_settings(Command::train);
  apply_json(settings, sections, "the coordinator's configuration");
  RunConfig config = settings.race.run;
  if (!data_folder.empty()) config.model.data_folder = data_folder;
  return config;
}

std::unique_ptr<ShardRun> make_run(ShardInbox& inbox, Peer coordinator, const ShardHello& hello,
                                   const std::string& token, const std::string& data_folder) {
  const RunConfig config = config_of(hello, data_folder);
  const ShardPlace place = {coordinator, hello.incarnation, token, hello.shard, hello.shards};
  if (double_precision(config.model)) return make_shard_run<double>(inbox, place, config);
  return make_shard_run<float>(inbox, place, config);
}

}  // namespace

void serve_shard(ServerTransport& transport, const std::string& token,
                 const std::string& data_folder,
                 const std::function<void(const std::string&)>& news,
                 const std::function<bool()>& stop) {
  ShardInbox inbox(transport, stop);
  while (!stop()) {
    const auto incoming = inbox.next();
    if (!incoming || incoming->kind != IncomingMessage::Kind::message) continue;
    const Peer peer = incoming->peer;
    try {
      std::span<const std::byte> body;
      const ToShard says = decode_to_shard(incoming->bytes, body);
      const auto* hello = std::get_if<ShardHello>(&says);
      if (hello == nullptr) {
        inbox.refuse(peer, "there is no run yet");
        continue;
      }
      if (const std::string why = objection(*hello, token); !why.empty()) {
        news("refused " + transport.name(peer) + ": " + why);
        inbox.refuse(peer, why);
        continue;
      }
      const auto run = make_run(inbox, peer, *hello, token, data_folder);
      news("shard " + std::to_string(hello->shard) + " of " + std::to_string(hello->shards) +
           " of the run of " + transport.name(peer));
      run->serve();
    } catch (const CoordinatorGone&) {
      news("the coordinator is gone; waiting for the next");
    } catch (const Error& error) {
      news(transport.name(peer) + ": " + error.what());
      inbox.send(peer, ShardFailure{error.what()});
      transport.close(peer);
    }
  }
}

}  // namespace syncline
