// Whom a shard takes for its coordinator, for how long, and what checkpoints it takes of it.

#include "fleet/live/shard_stage.hpp"

namespace syncline {
namespace {

using namespace testing::shard_stage;

TEST_CASE("numbers of a checkpoint that are none, or of another shape, end the run") {
  using Change = std::function<void(nlohmann::json&)>;
  const auto state_of = [](Stage& stage) {
    stage.orders(StateQuestion{});
    stage.play();
    return nlohmann::json::parse(stage.server.last<ShardAnswer>(coordinator)->text).at("state");
  };
  for (const char* policy : {"k-sync(k=2)", "ringleader"}) {
    CAPTURE(policy);
    Stage first(policy);
    const nlohmann::json good = state_of(first);
    const auto ended = [&](const std::string& text, const std::string& why) {
      CAPTURE(text);
      Stage stage(policy);
      stage.orders(RestoreOrder{text});
      stage.check_ended(why);
    };
    for (const char* garbage : {"", "{", "[]", "null", "7", "\"text\"", "\xff\xfe"}) {
      ended(garbage, "make no sense");
    }
    ended(std::string(100'000, '['), "make no sense");
    for (const auto& [key, value] : good.items()) {
      nlohmann::json changed = good;
      changed.erase(key);
      ended(changed.dump(), "make no sense");
      changed[key] = {{"strange", "object"}};
      ended(changed.dump(), "make no sense");
    }
    const auto changed = [&](const Change& change) {
      nlohmann::json state = good;
      change(state);
      return state.dump();
    };
    if (good.contains("tables")) {
      ended(changed([](auto& state) { state["tables"][0][0].push_back(1); }), "of another run");
      ended(changed([](auto& state) { state["tables"][1][0] = {1}; }), "of another run");
      ended(changed([](auto& state) { state["tables"].erase(0); }), "of another run");
    } else {
      ended(changed([](auto& state) { state["merged"].push_back(1); }), "of another run");
      ended(changed([](auto& state) { state["merged"] = nlohmann::json::array(); }),
            "of another run");
      ended(changed([](auto& state) { state["noise"] = 2; }), "noise");
    }
  }
}

TEST_CASE("a checkpoint whose places lie outside of what it has is put right") {
  const auto clipped = [](RunConfig& config) { config.server.transform = "median-clip(window=3)"; };
  Stage first("k-sync(k=2)", clipped);
  first.orders(StateQuestion{});
  first.play();
  auto answer = nlohmann::json::parse(first.server.last<ShardAnswer>(coordinator)->text);
  answer["state"]["transform"] = {{1, 1, 1, 1, 1}, 4'000'000'000'000};
  Stage stage("k-sync(k=2)", clipped);
  stage.orders(RestoreOrder{answer["state"].dump()});
  for (const auto& name : answer["names"]) {
    const bool kept = !name.get<std::string>().starts_with("scalars");
    stage.orders(RestoreVector{}, std::vector<double>(kept ? dimension : 0));
  }
  stage.payload();
  stage.orders(FoldOrder{1, 5, 0, 1});
  stage.orders(TotalAnswer{4});  // of the squares
  stage.orders(StepOrder{0, 1, 1});
  stage.orders(VersionQuestion{1});
  stage.play();
  CHECK(stage.server.last<ShardFailure>(coordinator) == nullptr);
  CHECK(stage.server.bodies[coordinator].back().size() == dimension * sizeof(double));
}

TEST_CASE("who has shown what he must may send long messages, and nobody else") {
  Stage stage;
  WorkerHello hello;
  hello.incarnation = incarnation;
  hello.token = "guess";
  stage.server.put(stranger, hello);
  stage.server.put(next, hello_of(run_of("async")));
  stage.orders(VersionQuestion{0});
  stage.play();
  CHECK(stage.server.admitted == std::set<Peer>{coordinator, worker});
}

TEST_CASE("a checkpoint's vectors of another length, or too many versions, end the run") {
  Stage first;
  first.orders(StateQuestion{});
  first.play();
  const auto answer = nlohmann::json::parse(first.server.last<ShardAnswer>(coordinator)->text);
  Stage stage;
  stage.orders(RestoreOrder{answer.at("state").dump()});
  stage.orders(RestoreVector{}, std::vector<double>(dimension - 1));
  stage.check_ended("another length");

  Stage many;
  for (Version version = 1; version < 10; ++version) {
    many.orders(RestoreVersion{version}, std::vector<double>(dimension));
  }
  many.check_ended("more versions");
}

TEST_CASE("while a coordinator is alive nobody takes its place, whatever he shows") {
  Stage stage;
  stage.server.later(std::chrono::duration<double>(0.5));
  for (int i = 0; i < 4; ++i) {
    stage.server.put(stranger + 10 + i, hello_of(run_of("async")));
  }
  stage.orders(VersionQuestion{0});
  stage.play();
  for (int i = 0; i < 4; ++i) {
    const auto* refusal = stage.server.last<ShardRefusal>(stranger + 10 + i);
    REQUIRE(refusal != nullptr);
    CHECK(refusal->try_again);
    CHECK(refusal->reason.find("run of another") != std::string::npos);
  }
  CHECK(stage.server.last<ShardAnswer>(coordinator) != nullptr);
  CHECK_FALSE(stage.server.closed.contains(coordinator));
  CHECK(stage.told("second coordinator, 4 times"));
}

TEST_CASE("a coordinator that gives signs of life stays, one that is silent can be replaced") {
  for (const bool alive : {true, false}) {
    CAPTURE(alive);
    Stage stage;
    for (std::uint64_t beat = 1; beat < 10; ++beat) {
      stage.server.later(std::chrono::duration<double>(0.2));
      if (alive) stage.orders(CoordinatorBeat{beat});
    }
    stage.server.put(next, hello_of(run_of("async")));
    stage.play();
    CHECK((stage.server.last<ShardReady>(next) != nullptr) == !alive);
    CHECK((stage.server.last<ShardRefusal>(next) != nullptr) == alive);
    CHECK(stage.server.closed.contains(coordinator) == !alive);
  }
}

TEST_CASE("a shard with a token of coordinators: that of the job lets in workers and nobody else") {
  const ShardTokens tokens = {"job", "coordinators"};
  for (const bool idle : {true, false}) {
    CAPTURE(idle);
    Stage stage;
    stage.server = {};
    if (!idle) stage.server.put(coordinator, hello_of(run_of("async"), "coordinators"));
    // A worker knows the job's token, and waits for a moment of silence.
    stage.server.later(std::chrono::duration<double>(100));
    stage.server.put(stranger, hello_of(run_of("async"), "job"));
    if (!idle) {
      WorkerHello hello;
      hello.token = "job";
      hello.incarnation = incarnation;
      stage.server.put(worker, hello);
      stage.server.put(coordinator, VersionQuestion{0});
    }
    stage.play(tokens);
    REQUIRE(stage.server.last<ShardRefusal>(stranger) != nullptr);
    CHECK(stage.server.last<ShardRefusal>(stranger)->reason.find("token of coordinators") !=
          std::string::npos);
    CHECK(stage.told("token of coordinators"));
    if (idle) continue;
    CHECK(stage.server.last<ShardReady>(worker) != nullptr);
    CHECK(stage.server.last<ShardAnswer>(coordinator) != nullptr);
  }
}

TEST_CASE("a coordinator that is silent for minutes is given up, also where its reply is wanted") {
  for (const bool waiting : {false, true}) {
    CAPTURE(waiting);
    Stage stage("k-sync(k=2)", [](RunConfig& config) { config.optimizer.clip = 0.5; });
    if (waiting) {
      stage.payload();
      stage.orders(FoldOrder{1, 5, 0, 1});  // its norm is that of all shards
    }
    stage.server.patience = 100 * 60;
    stage.play();
    CHECK(stage.told("coordinator is gone"));
    CHECK(stage.server.closed.contains(coordinator));
    CHECK((stage.server.last<BlockSums>(coordinator) != nullptr) == waiting);
  }
}

TEST_CASE("a coordinator that gives signs of life and no reply is told so, and given up") {
  Stage stage("k-sync(k=2)", [](RunConfig& config) { config.optimizer.clip = 0.5; });
  stage.payload();
  stage.orders(FoldOrder{1, 5, 0, 1});
  for (std::uint64_t beat = 1; beat < 200; ++beat) {
    stage.server.later(std::chrono::duration<double>(1));
    stage.orders(CoordinatorBeat{beat});
  }
  stage.check_ended("has not replied for 120");
}

}  // namespace
}  // namespace syncline
