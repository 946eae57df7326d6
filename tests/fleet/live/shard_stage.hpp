#pragma once

#include <algorithm>
#include <limits>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "fleet/live/scripted_ends.hpp"
#include "fleet/shards/shard.hpp"
#include "fleet/training_support.hpp"
#include "trace/config_json.hpp"

// The real shard against a coordinator, a worker and strangers that say what a test has them say,
// in one thread and in time that the test makes.
namespace syncline::testing::shard_stage {

inline constexpr Peer coordinator = 1, worker = 2, stranger = 3, next = 4;
inline constexpr std::uint64_t incarnation = 7;
inline constexpr double nan = std::numeric_limits<double>::quiet_NaN();
inline constexpr double infinity = std::numeric_limits<double>::infinity();
/// Two blocks and a bit, and the buffers of none.
inline constexpr std::size_t dimension = 9000;

inline RunConfig run_of(const std::string& policy) {
  RunConfig config = short_run(policy);
  config.fleet.kind = "grpc";
  config.fleet.workers = 4;
  config.model.workload = "quadratic(dimension=9000)";
  config.model.precision = "float64";
  config.optimizer.step_size = 0.01;
  return config;
}

inline ShardHello hello_of(const RunConfig& config, const std::string& token = "") {
  ShardHello hello;
  hello.token = token;
  hello.incarnation = incarnation;
  hello.heartbeat = 0.2;
  hello.config = to_json(config).dump();
  return hello;
}

/// A whole model at one shard, its coordinator and a worker. What is said is heard by play().
struct Stage {
  explicit Stage(
      const std::string& policy = "k-sync(k=2)",
      const std::function<void(RunConfig&)>& change = [](RunConfig&) {}) {
    RunConfig config = run_of(policy);
    change(config);
    server.put(coordinator, hello_of(config));
    WorkerHello hello;
    hello.incarnation = incarnation;
    hello.worker = 1;
    server.put(worker, hello);
  }
  void orders(const ToShard& order, const std::vector<double>& body = {}) {
    server.put(coordinator, order, body);
  }
  /// Job 5 of the worker, with its payload.
  void payload(double value = 1) {
    orders(StartOrder{1, 5, 5, 0, false});
    server.put(worker, PayloadPart{5, false}, std::vector<double>(dimension, value));
  }
  void play(const ShardTokens& tokens = {}) {
    serve_shard(
        server, tokens, "", [&](const std::string& text) { news.push_back(text); },
        [&] { return server.over(); });
  }
  [[nodiscard]] bool told(const std::string& text) const {
    return std::any_of(news.begin(), news.end(), [&](const std::string& each) {
      return each.find(text) != std::string::npos;
    });
  }
  /// That an order has ended the run with this reason, and the shard takes part in the next.
  void check_ended(const std::string& why) {
    server.put(next, hello_of(run_of("async")));
    play();
    REQUIRE(server.last<ShardFailure>(coordinator) != nullptr);
    const std::string& reason = server.last<ShardFailure>(coordinator)->reason;
    CAPTURE(reason);
    CHECK(reason.find(why) != std::string::npos);
    CHECK(server.closed.contains(coordinator));
    REQUIRE(server.last<ShardReady>(next) != nullptr);
    CHECK(server.last<ShardReady>(next)->length == dimension);
  }
  /// That somebody was refused with this reason, and the coordinator is still served.
  void check_refused(Peer peer, const std::string& why) {
    orders(VersionQuestion{0});
    play();
    REQUIRE(server.last<ShardRefusal>(peer) != nullptr);
    const std::string& reason = server.last<ShardRefusal>(peer)->reason;
    CAPTURE(reason);
    CHECK(reason.find(why) != std::string::npos);
    CHECK(server.closed.contains(peer));
    CHECK(told("refused " + std::to_string(peer)));
    CHECK(server.last<ShardFailure>(coordinator) == nullptr);
    REQUIRE(server.last<ShardAnswer>(coordinator) != nullptr);
  }

  ScriptedServer server;
  std::vector<std::string> news;
};

}  // namespace syncline::testing::shard_stage
