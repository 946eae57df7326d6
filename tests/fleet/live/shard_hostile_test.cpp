// What a shard refuses, counts and lives through of what is said to it.

#include <cmath>

#include "fleet/live/shard_stage.hpp"

namespace syncline {
namespace {

using namespace testing::shard_stage;
using testing::ScriptedServer;

template <std::size_t... indices>
std::vector<ToShard> every_order(std::index_sequence<indices...>) {
  return {ToShard(std::in_place_index<indices>)...};
}
std::vector<ToShard> every_order() {
  return every_order(std::make_index_sequence<std::variant_size_v<ToShard>>());
}

TEST_CASE("messages of the coordinator, every kind, cut at every byte: the run ends, no more") {
  for (const ToShard& order : every_order()) {
    CAPTURE(order.index());
    const auto bytes = encode_message(order);
    // The last one says one byte too much, where no body is wanted.
    for (std::size_t length = 0; length < bytes.size(); ++length) {
      CAPTURE(length);
      Stage stage;
      stage.server.put(coordinator, IncomingMessage::Kind::message,
                       {bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(length)});
      stage.check_ended(length == 0 ? "cut short" : "");
    }
  }
}

TEST_CASE("messages of strangers and of workers, every kind, cut at every byte, are refused") {
  for (const Peer peer : {worker, stranger}) {
    for (const ToShard& order : every_order()) {
      const auto bytes = encode_message(order);
      for (std::size_t length = 0; length < bytes.size(); ++length) {
        CAPTURE(peer);
        CAPTURE(order.index());
        CAPTURE(length);
        Stage stage;
        stage.server.put(peer, IncomingMessage::Kind::message,
                         {bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(length)});
        stage.check_refused(peer, "");
        CHECK(stage.server.last<ShardRefusal>(peer)->reason != "");
      }
    }
  }
}

TEST_CASE("a message with more than its kind has is malformed") {
  for (const ToShard& order : every_order()) {
    CAPTURE(order.index());
    auto bytes = encode_message(order);
    bytes.push_back(std::byte{0});
    std::span<const std::byte> body;
    const bool has_body = std::holds_alternative<PayloadPart>(order) ||
                          std::holds_alternative<RestoreVector>(order) ||
                          std::holds_alternative<RestoreVersion>(order);
    if (has_body) {
      CHECK_NOTHROW(static_cast<void>(decode_to_shard(bytes, body)));
      CHECK(body.size() == 1);
    } else {
      CHECK_THROWS_AS(static_cast<void>(decode_to_shard(bytes, body)), MalformedMessage);
    }
  }
}

TEST_CASE("orders of no run: strangers, workers without a run, another version, no such shard") {
  const auto refused = [](const ToShard& says, const std::string& why) {
    ScriptedServer server;
    server.put(stranger, says);
    std::vector<std::string> news;
    serve_shard(
        server, {"secret"}, "", [&](const std::string& text) { news.push_back(text); },
        [&] { return server.over(); });
    REQUIRE(server.last<ShardRefusal>(stranger) != nullptr);
    CHECK(server.last<ShardRefusal>(stranger)->reason.find(why) != std::string::npos);
    REQUIRE(news.size() == 1);
    CHECK(news[0].find(why) != std::string::npos);
  };
  const ShardHello good = hello_of(run_of("async"), "secret");
  const auto changed = [&](const std::function<void(ShardHello&)>& change) {
    ShardHello hello = good;
    change(hello);
    return hello;
  };
  refused(StepOrder{}, "no run yet");
  refused(WorkerHello{}, "no run yet");
  refused(changed([](auto& hello) { hello.token = "secreT"; }), "token of this job");
  refused(changed([](auto& hello) { hello.version = 1; }), "another version");
  refused(changed([](auto& hello) { hello.magic = 1; }), "another version");
  refused(changed([](auto& hello) { hello.shard = 1; }), "no such shard");
  refused(changed([](auto& hello) { hello.heartbeat = nan; }), "heartbeat");
  refused(changed([](auto& hello) { hello.heartbeat = 0; }), "heartbeat");
}

TEST_CASE("a configuration that is none, or can't be in shards, ends the run with the reason") {
  const auto ended = [](const std::string& text, const std::string& why) {
    ScriptedServer server;
    ShardHello hello = hello_of(run_of("async"));
    if (!text.empty()) hello.config = text;
    server.put(coordinator, hello);
    server.put(next, hello_of(run_of("async")));
    serve_shard(
        server, {}, "", [](const std::string&) {}, [&] { return server.over(); });
    REQUIRE(server.last<ShardFailure>(coordinator) != nullptr);
    const std::string& reason = server.last<ShardFailure>(coordinator)->reason;
    CAPTURE(reason);
    CHECK(reason.find(why) != std::string::npos);
    CHECK(server.last<ShardReady>(next) != nullptr);
  };
  ended("{", "no JSON");
  ended("[]", "no object");
  ended(std::string(100'000, '['), "no JSON");
  ended(R"({"fleet": {"workers": "many"}})", "fleet.workers");
  ended(R"({"fleet": {"workers": 4000000000}})", "fleet.workers");
  ended(R"({"model": {"precision": "float8"}})", "precision");
  RunConfig whole = run_of("k-sync(k=3)");
  whole.server.aggregator = "krum(b=0)";
  ended(to_json(whole).dump(), "whole vectors");
  whole.server.aggregator = "mean";
  whole.model.workload = "quadratic(dimension=0)";
  ended(to_json(whole).dump(), "");
}

TEST_CASE("orders of foreign workers, slots, tables and numbers end the run, and no other") {
  struct Wrong {
    ToShard order;
    const char* why;
    const char* policy = "k-sync(k=2)";
  };
  constexpr Slot far = 4'000'000'000U;
  const std::vector<Wrong> all = {
      {StartOrder{4, 6, 6, 0, true}, "no worker 4"},
      {StartOrder{0xFFFFFFFF, 6, 6, 0, true}, "no worker"},
      {StartOrder{0, 6, 6, 1, true}, "not version 1"},
      {FoldOrder{4, 5, 0, 1}, "no worker 4"},
      {FoldOrder{0, 5, 0, 1}, "no payload"},
      {FoldOrder{1, 6, 0, 1}, "no payload"},
      {FoldOrder{1, 5, 1, 1}, "no slot 1"},
      {FoldOrder{1, 5, far, 1}, "no slot"},
      {FoldOrder{1, 5, 0, nan}, "not finite"},
      {PutOrder{1, 5, 0}, "no table 0"},
      {PutOrder{1, 5, far}, "no table"},
      {PutOrder{9, 5, 0}, "no worker", "ringleader"},
      {PutOrder{1, 5, 2}, "no table 2", "ringleader"},
      {ClearOrder{1}, "no slot 1"},
      {ClearOrder{far}, "no slot"},
      {SwapOrder{0, 0}, "no table 0"},
      {SwapOrder{0, 2}, "no table 2", "ringleader"},
      {SwapOrder{far, 0}, "no table", "ringleader"},
      {MergeOrder{0, 1, 1}, "no slot 1"},
      {MergeOrder{far, 0, 1}, "no slot"},
      {MergeOrder{0, 1, 1}, "slot 0 is empty", "gradient-coding(stragglers=2, code=cyclic)"},
      {MergeOrder{1, 1, 1}, "with itself", "gradient-coding(stragglers=2, code=cyclic)"},
      {MergeOrder{1, 0, infinity}, "not finite", "gradient-coding(stragglers=2, code=cyclic)"},
      {MergeOrder{0, 1, 1}, "no slot 0", "ringleader"},
      {StepOrder{0, 1, 1}, "slot 0 is empty"},
      {StepOrder{0, 1, 1}, "slot 0 is empty", "ringleader"},
      {StepOrder{1, 1, 1}, "no slot 1"},
      {StepOrder{far, 1, 1}, "no slot"},
      {StepOrder{0, nan, 1}, "not finite"},
      {KOrder{nan}, "not finite"},
      {ProbeQuestion{infinity}, "not finite"},
      {VersionQuestion{1}, "not version 1"},
      {CurrentOrder{3}, "not version 3"},
      {ArrivalQuestion{4, 5, true, true}, "no worker 4"},
      {ArrivalQuestion{1, 6, true, true}, "no payload"},
      {VectorQuestion{1000}, "no vector 1000"},
      {VectorQuestion{0xFFFFFFFF}, "no vector"},
      {WorkerHello{}, "no worker"},
      {PayloadPart{}, "no payload"},
      {TotalAnswer{1}, "nobody wanted"},
      {RestoreVector{}, "nothing is being restored"},
      {RestoreVersion{1}, "another length"},
  };
  for (const Wrong& wrong : all) {
    CAPTURE(wrong.order.index());
    CAPTURE(wrong.why);
    Stage stage(wrong.policy);
    stage.payload();
    stage.orders(wrong.order);
    stage.check_ended(wrong.why);
  }
  Stage twice;
  twice.orders(hello_of(run_of("async")));
  twice.check_ended("hello twice");
}

TEST_CASE("a step of any version but the next ends the run, and changes nothing") {
  for (const Version version : {Version{0}, Version{2}, Version{1} << 63U}) {
    CAPTURE(version);
    Stage stage;
    stage.payload();
    stage.orders(FoldOrder{1, 5, 0, 1});
    stage.orders(StepOrder{0, 1, version});
    stage.check_ended("is at version 0, and is told to make version");
  }
  // The next one is made, and not twice.
  Stage stage;
  stage.payload();
  stage.orders(FoldOrder{1, 5, 0, 1});
  stage.orders(StepOrder{0, 1, 1});
  stage.orders(VersionQuestion{1});
  stage.orders(StepOrder{0, 1, 1});
  stage.check_ended("is at version 1, and is told to make version 1");
  CHECK(stage.server.last<ShardAnswer>(coordinator) != nullptr);
}

TEST_CASE("a payload is used once") {
  Stage stage;
  stage.payload();
  stage.orders(FoldOrder{1, 5, 0, 1});
  stage.orders(FoldOrder{1, 5, 0, 1});
  stage.check_ended("no payload of job 5");
}

TEST_CASE("payloads of another length, coded ones without a codec, or before a hello: refused") {
  const auto refused = [](Peer peer, const PayloadPart& part, std::size_t length,
                          const std::string& why) {
    Stage stage;
    stage.orders(StartOrder{1, 5, 5, 0, false});
    stage.server.put(peer, part, std::vector<double>(length, 1));
    // What comes after it is not looked at.
    stage.server.put(peer, PayloadPart{5, false}, std::vector<double>(dimension, 1));
    stage.check_refused(peer, why);
    CHECK(stage.server.last<PartStored>(peer) == nullptr);
  };
  refused(worker, {5, false}, dimension - 1, "71992 bytes, not 72000");
  refused(worker, {5, false}, dimension + 1, "bytes, not");
  refused(worker, {5, false}, 0, "0 bytes");
  refused(worker, {5, true}, dimension, "no codec is set");
  refused(stranger, {5, false}, dimension, "before a hello");

  Stage coded("k-sync(k=2)", [](RunConfig& config) { config.worker.codec = "top-k(share=0.1)"; });
  coded.orders(StartOrder{1, 5, 5, 0, false});
  coded.server.put(worker, PayloadPart{5, true}, {1, 2, 3});
  coded.check_refused(worker, "");
}

TEST_CASE("a payload that is not finite anywhere is said to be so, and the run goes on") {
  for (const double poison : {nan, infinity, -infinity}) {
    for (const std::size_t place : {std::size_t{0}, std::size_t{4096}, dimension - 1}) {
      CAPTURE(poison);
      CAPTURE(place);
      Stage stage;
      std::vector<double> payload(dimension, 1);
      payload[place] = poison;
      stage.orders(StartOrder{1, 5, 5, 0, false});
      stage.server.put(worker, PayloadPart{5, false}, payload);
      stage.orders(StartOrder{1, 6, 6, 0, false});
      stage.server.put(worker, PayloadPart{6, false}, std::vector<double>(dimension, 1));
      stage.orders(FoldOrder{1, 6, 0, 1});
      stage.orders(StepOrder{0, 1, 1});
      stage.orders(VersionQuestion{1});
      stage.play();
      std::vector<PartStored> stored;
      for (const FromShard& says : stage.server.said[worker]) {
        if (const auto* part = std::get_if<PartStored>(&says)) stored.push_back(*part);
      }
      REQUIRE(stored.size() == 2);
      CHECK_FALSE(stored[0].finite);
      CHECK(stored[1].finite);
      CHECK(stage.server.last<ShardAnswer>(coordinator) != nullptr);
    }
  }
}

TEST_CASE("payloads of jobs that are over, unknown, or that came before change nothing") {
  Stage stage;
  stage.payload(1);
  stage.server.put(worker, PayloadPart{5, false}, std::vector<double>(dimension, nan));
  stage.server.put(worker, PayloadPart{4, false}, {1});
  stage.server.put(worker, PayloadPart{9, true}, {});
  stage.orders(FoldOrder{1, 5, 0, 1});
  stage.orders(StepOrder{0, 1, 1});
  stage.orders(VersionQuestion{1});
  stage.play();
  CHECK(stage.server.last<ShardRefusal>(worker) == nullptr);
  std::vector<double> state(dimension);
  const auto& answer = stage.server.bodies[coordinator].back();
  REQUIRE(answer.size() == dimension * sizeof(double));
  std::memcpy(state.data(), answer.data(), answer.size());
  CHECK(std::all_of(state.begin(), state.end(), [](double x) { return std::isfinite(x); }));
}

TEST_CASE("workers of another run, token or version are refused") {
  const auto refused = [](const std::function<void(WorkerHello&)>& change, const std::string& why) {
    Stage stage;
    WorkerHello hello;
    hello.incarnation = incarnation;
    change(hello);
    stage.server.put(stranger, hello);
    stage.check_refused(stranger, why);
  };
  refused([](auto& hello) { hello.incarnation = 8; }, "another run");
  refused([](auto& hello) { hello.worker = 4; }, "another run");
  refused([](auto& hello) { hello.token = "guess"; }, "token");
  refused([](auto& hello) { hello.version = 2; }, "another version");
}

}  // namespace
}  // namespace syncline
