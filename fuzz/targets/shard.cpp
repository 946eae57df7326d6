// A shard that lives through what coordinator, worker and stranger say to it, one after the other.

#include "fleet/shards/shard.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "fleet/live/scripted_ends.hpp"
#include "targets/entries.hpp"
#include "targets/messages.hpp"
#include "trace/config_json.hpp"

namespace syncline::fuzz {
namespace {

constexpr Peer coordinator = 1, worker = 2, stranger = 3, last = 4;
constexpr std::size_t dimension = 20;
constexpr std::size_t most_messages = 64;

/// `k-sync` has a slot, `ringleader` two tables; clips want sums of all shards.
const std::vector<std::string>& policies() {
  static const std::vector<std::string> all = {"k-sync(k=2)", "ringleader",
                                               "gradient-coding(stragglers=1, code=cyclic)"};
  return all;
}

ShardHello hello_of(std::size_t policy) {
  RunConfig config;
  config.policy = policies()[policy];
  config.fleet.kind = "grpc";
  config.fleet.workers = 3;
  config.model.workload = "quadratic(dimension=20)";
  config.model.precision = "float64";
  if (policy == 0) config.server.transform = "median-clip(window=3)";
  ShardHello hello;
  hello.heartbeat = 0.2;
  hello.incarnation = 7;
  hello.config = to_json(config).dump();
  return hello;
}

/// The first byte says which run it is. Then messages: who says it, its length, itself.
void take(std::string_view input) {
  testing::ScriptedServer server;
  MessageReader reader(bytes_of(input));
  server.put(coordinator, hello_of(reader.number<std::uint8_t>() % policies().size()));
  WorkerHello hello;
  hello.incarnation = 7;
  server.put(worker, hello);
  for (std::size_t count = 0; !reader.rest().empty(); ++count) {
    if (count == most_messages) throw DataError("more messages than are looked at");
    const Peer who = coordinator + reader.number<std::uint8_t>() % stranger;
    const auto bytes = reader.take(reader.number<std::uint16_t>());
    server.put(who, IncomingMessage::Kind::message, {bytes.begin(), bytes.end()});
  }
  // Whatever came of it: the shard takes part in the next run, once this one is over.
  server.put(coordinator, IncomingMessage::Kind::left);
  server.put(last, hello_of(0));
  serve_shard(
      server, {}, "", [](const std::string&) {}, [&] { return server.over(); });
  promise(server.last<ShardReady>(last) != nullptr, "a shard outlives every run");
  promise(server.last<ShardReady>(last)->length == dimension, "the next run is a new one");
}

class Script {
 public:
  explicit Script(std::uint8_t run) : text_(1, static_cast<char>(run)) {}
  Script& says(Peer who, const ToShard& message, const std::vector<double>& body = {}) {
    const std::string bytes = text_of(testing::with_body(encode_message(message), body));
    MessageWriter head;
    head.number(static_cast<std::uint8_t>(who - coordinator));
    head.number(static_cast<std::uint16_t>(bytes.size()));
    text_ += text_of(head.take()) + bytes;
    return *this;
  }
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  std::string text_;
};

std::vector<std::string> seeds() {
  std::vector<std::string> all;
  const std::vector<double> payload(dimension, 1);
  for (std::uint8_t run = 0; run < policies().size(); ++run) {
    Script script(run);
    const Slot filled = 0;
    script.says(coordinator, StartOrder{0, 5, 5, 0, true})
        .says(worker, PayloadPart{5, false}, payload)
        .says(coordinator, ArrivalQuestion{0, 5, true, true})
        .says(coordinator, TotalAnswer{20})
        .says(coordinator, TotalAnswer{20})
        .says(coordinator, FoldOrder{0, 5, filled, 0.5});
    if (run == 0) script.says(coordinator, TotalAnswer{20});
    if (run == 1) script.says(coordinator, SwapOrder{0, 1}).says(coordinator, SwapOrder{1, 0});
    if (run == 2) script.says(coordinator, MergeOrder{0, 1, 1});
    script.says(coordinator, StepOrder{run == 2 ? 1U : 0U, 1, 1})
        .says(coordinator, VersionQuestion{1})
        .says(coordinator, KOrder{2})
        .says(coordinator, StateQuestion{})
        .says(coordinator, VectorQuestion{0})
        .says(coordinator, ClearOrder{0})
        .says(coordinator, RestoreVersion{3}, payload)
        .says(coordinator, CurrentOrder{3});
    all.push_back(script.text());
  }
  const char* state = R"({"averaged": 0, "gradients": 1.0, "k": 2.0, "merged": [0], "noise": 0,)"
                      R"( "optimizer_steps": 1, "scalars": [0.0, 0, false], "slots": [[0.5, 1]],)"
                      R"( "transform": [[1.0], 1]})";
  all.push_back(Script(0)
                    .says(coordinator, RestoreOrder{state})
                    .says(coordinator, RestoreVector{}, payload)
                    .says(coordinator, StepOrder{0, 1, 1})
                    .text());
  all.push_back(Script(0)
                    .says(stranger, hello_of(1))
                    .says(stranger, StepOrder{})
                    .says(worker, WorkerHello{})
                    .text());
  return accepted(shard_target, all);
}

}  // namespace

const Target shard_target{"shard", "what is said to a shard", take, seeds};

}  // namespace syncline::fuzz
