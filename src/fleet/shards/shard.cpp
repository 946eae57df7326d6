#include "fleet/shards/shard.hpp"

#include <memory>
#include <new>

#include <nlohmann/json.hpp>

#include "fleet/shards/objections.hpp"
#include "fleet/shards/shard_inbox.hpp"
#include "fleet/shards/shard_run.hpp"
#include "fleet/training/load_workload.hpp"
#include "syncline/error.hpp"
#include "syncline/options.hpp"

namespace syncline {
namespace {

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
                                   const ShardTokens& tokens, const std::string& data_folder) {
  const RunConfig config = config_of(hello, data_folder);
  const ShardPlace place = {coordinator, hello.incarnation, tokens, hello.shard, hello.shards};
  if (double_precision(config.model)) return make_shard_run<double>(inbox, place, config);
  return make_shard_run<float>(inbox, place, config);
}

/// One run after the other.
class Shard {
 public:
  Shard(ServerTransport& transport, const ShardTokens& tokens, const std::string& data_folder,
        const std::function<void(const std::string&)>& news, const std::function<bool()>& stop)
      : transport_(transport),
        tokens_(tokens),
        data_folder_(data_folder),
        news_(news),
        inbox_(transport, stop, news) {}

  void take(const IncomingMessage& incoming) {
    const Peer peer = incoming.peer;
    ToShard says;
    try {
      std::span<const std::byte> body;
      says = decode_to_shard(incoming.bytes, body);
    } catch (const MalformedMessage& error) {
      return inbox_.refuse(peer, "malformed message", error.what());
    }
    const auto* hello = std::get_if<ShardHello>(&says);
    if (hello == nullptr) return inbox_.refuse(peer, "no run", "there is no run yet", true);
    if (const std::string why = objection(*hello, tokens_); !why.empty()) {
      return inbox_.refuse(peer, "coordinator", why);
    }
    try {
      serve(peer, *hello);
    } catch (const CoordinatorGone&) {
      inbox_.end();
      news_("the coordinator is gone; waiting for the next");
    } catch (const Error& error) {
      fail(peer, error.what());
    } catch (const std::bad_alloc&) {
      fail(peer, "the run needs more memory than there is");
    }
  }

  ShardInbox& inbox() { return inbox_; }

 private:
  void serve(Peer peer, const ShardHello& hello) {
    // From here on, since loading the model may take long.
    inbox_.begin(peer, std::chrono::duration<double>(hello.heartbeat));
    const auto run = make_run(inbox_, peer, hello, tokens_, data_folder_);
    news_("shard " + std::to_string(hello.shard) + " of " + std::to_string(hello.shards) +
          " of the run of " + transport_.name(peer));
    run->serve();
  }
  void fail(Peer peer, const std::string& why) {
    inbox_.end();
    news_(transport_.name(peer) + ": " + why);
    inbox_.send(peer, ShardFailure{why});
    inbox_.close(peer);
  }

  ServerTransport& transport_;
  const ShardTokens& tokens_;
  const std::string& data_folder_;
  const std::function<void(const std::string&)>& news_;
  ShardInbox inbox_;
};

}  // namespace

void serve_shard(ServerTransport& transport, const ShardTokens& tokens,
                 const std::string& data_folder,
                 const std::function<void(const std::string&)>& news,
                 const std::function<bool()>& stop) {
  Shard shard(transport, tokens, data_folder, news, stop);
  while (!stop()) {
    const auto incoming = shard.inbox().next();
    if (incoming && incoming->kind == IncomingMessage::Kind::message) shard.take(*incoming);
  }
}

}  // namespace syncline
