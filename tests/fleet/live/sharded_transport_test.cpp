// What a worker makes of shards that are at another version, say what makes no sense, or nothing.
// The real worker's end against a coordinator and two shards of which a test says what they say.

#include "fleet/shards/sharded_transport.hpp"

#include <doctest/doctest.h>

#include "fleet/cluster/protocol.hpp"
#include "fleet/live/scripted_ends.hpp"

namespace syncline {
namespace {

using testing::ScriptedEnd;
using Kind = IncomingMessage::Kind;

constexpr std::size_t lengths[] = {3, 2};

/// A worker that has been welcomed and has met its shards, as far as a test lets it.
struct Stage {
  Stage()
      : coordinator([this](ScriptedEnd&, const auto& bytes) {
          std::span<const std::byte> body;
          told.push_back(decode_from_worker(bytes, body));
          bodies.emplace_back(body.begin(), body.end());
        }) {
    worker = make_sharded_transport(
        coordinator, [this](const std::string& address) { return dial(address); }, "token");
  }
  std::unique_ptr<WorkerTransport> dial(const std::string& address) {
    const std::size_t number = address == "a" ? 0 : 1;
    auto end = std::make_unique<ScriptedEnd>([this, number](ScriptedEnd& own, const auto& bytes) {
      std::span<const std::byte> body;
      const ToShard says = decode_to_shard(bytes, body);
      if (std::holds_alternative<WorkerHello>(says)) return greet(own, number);
      if (const auto* part = std::get_if<PayloadPart>(&says)) store(own, number, *part);
    });
    shards[number] = end.get();
    return end;
  }

  void from_coordinator(const ServerSays& says) { coordinator.put(Kind::message, encode(says)); }
  void meet() {
    from_coordinator(Welcome{7, 1, 0.2, "{}", "a,b"});
    const auto joined = hear();
    REQUIRE(joined);
    const auto welcome = hear();
    REQUIRE(welcome);
    CHECK(welcome->kind == Kind::message);
  }
  void assign(std::uint64_t job, Version version) {
    Assignment assignment;
    assignment.job.worker = 1;
    assignment.job.job = job;
    assignment.read = version;
    assignment.states = 1;
    from_coordinator(assignment);
  }
  void part(std::size_t shard, std::uint64_t job, Version version, std::size_t length) {
    shards[shard]->say(StatePart{job, version}, std::vector<float>(length, float(shard)));
  }
  /// The next thing that the worker hears; throws what it throws.
  std::optional<IncomingMessage> hear() {
    for (;;) {
      auto message = worker->receive(worker->now() + std::chrono::milliseconds(50));
      if (message) return message;
    }
  }
  void push(std::uint64_t job) {
    OutgoingMessage message{encode(WorkerSays(Result{7, job, 1, 1, 0.5, false}))};
    message.owner = payload;
    message.body = std::as_bytes(std::span<const float>(*payload));
    worker->send(std::move(message));
  }

  std::function<void(ScriptedEnd&, std::size_t)> greet = [](ScriptedEnd& own, std::size_t number) {
    own.say(ShardReady{lengths[number]});
  };
  std::function<void(ScriptedEnd&, std::size_t, const PayloadPart&)> store =
      [](ScriptedEnd& own, std::size_t, const PayloadPart& part) {
        own.say(PartStored{part.job, true});
      };
  std::shared_ptr<std::vector<float>> payload = std::make_shared<std::vector<float>>(5, 1.0F);
  std::vector<WorkerSays> told;
  std::vector<std::vector<std::byte>> bodies;
  ScriptedEnd coordinator;
  ScriptedEnd* shards[2] = {nullptr, nullptr};
  std::unique_ptr<WorkerTransport> worker;
};

TEST_CASE("parts of a state that are all of one version become a job, in the order of the shards") {
  Stage stage;
  stage.meet();
  stage.assign(5, 9);
  stage.part(1, 5, 9, 2);
  stage.part(0, 5, 9, 3);
  const auto job = stage.hear();
  REQUIRE(job);
  const std::vector<float> state = {0, 0, 0, 1, 1};
  const auto bytes = std::as_bytes(std::span<const float>(state));
  REQUIRE(job->bytes.size() > bytes.size());
  CHECK(std::equal(bytes.begin(), bytes.end(), job->bytes.end() - bytes.size()));
}

TEST_CASE("a part of another version ends the worker: no job starts from a mixed state") {
  for (const Version version : {Version{8}, Version{10}}) {
    for (const std::size_t shard : {0, 1}) {
      CAPTURE(version);
      CAPTURE(shard);
      Stage stage;
      stage.meet();
      stage.assign(5, 9);
      stage.part(shard, 5, version, lengths[shard]);
      stage.part(1 - shard, 5, 9, lengths[1 - shard]);
      CHECK_THROWS_WITH_AS(stage.hear(),
                           doctest::Contains(("starts at version 9, and a shard has sent version " +
                                              std::to_string(version))
                                                 .c_str()),
                           MalformedMessage);
    }
  }
}

TEST_CASE("what no honest shard says to a worker ends it") {
  const auto ends = [](const std::function<void(Stage&)>& wrong, const char* why) {
    Stage stage;
    stage.meet();
    stage.assign(5, 9);
    wrong(stage);
    CHECK_THROWS_WITH_AS(stage.hear(), doctest::Contains(why), MalformedMessage);
  };
  const auto says = [&](const FromShard& message, const char* why) {
    ends([&](Stage& stage) { stage.shards[1]->say(message); }, why);
  };
  ends([](Stage& stage) { stage.part(1, 5, 9, 1); }, "part of a state has 4 bytes");
  ends([](Stage& stage) { stage.part(1, 5, 9, 3); }, "part of a state has 12 bytes");
  ends([](Stage& stage) { stage.part(1, 5, 9, 0); }, "part of a state has 0 bytes");
  ends(
      [](Stage& stage) {
        stage.part(1, 5, 9, 2);
        stage.part(1, 5, 9, 2);
      },
      "twice");
  ends(
      [](Stage& stage) {
        for (std::uint64_t job = 100; job < 5000; ++job) stage.part(1, job, 9, 2);
      },
      "no job starts from");
  says(ShardReady{2}, "twice");
  says(ShardRefusal{"no"}, "refuses this worker: no");
  says(BlockSums{}, "for its coordinator");
  says(ShardAnswer{}, "for its coordinator");
  says(ShardFailure{}, "for its coordinator");
  says(ShardBeat{}, "for its coordinator");
}

TEST_CASE("messages of a shard to a worker, every kind, cut at any byte, end it") {
  const std::vector<FromShard> messages = {ShardReady{2},    ShardRefusal{"r"}, BlockSums{},
                                           ShardAnswer{"a"}, ShardFailure{"f"}, StatePart{},
                                           PartStored{},     ShardBeat{}};
  for (const FromShard& message : messages) {
    const auto whole = encode_message(message);
    for (std::size_t length = 0; length < whole.size(); ++length) {
      CAPTURE(message.index());
      CAPTURE(length);
      Stage stage;
      stage.meet();
      stage.shards[1]->put(Kind::message,
                           {whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(length)});
      CHECK_THROWS_AS(stage.hear(), MalformedMessage);
    }
  }
}

TEST_CASE("a shard whose part has no possible length ends the worker") {
  for (const std::uint64_t length :
       {std::uint64_t{0}, ~std::uint64_t{0}, std::uint64_t{1} << 40U}) {
    CAPTURE(length);
    Stage stage;
    stage.greet = [&](ScriptedEnd& own, std::size_t) { own.say(ShardReady{length}); };
    CHECK_THROWS_WITH_AS(stage.meet(), doctest::Contains("no possible length"), MalformedMessage);
  }
}

TEST_CASE("a payload that the shards' parts don't make up is not cut") {
  Stage stage;
  stage.meet();
  stage.payload->push_back(1);
  CHECK_THROWS_AS(stage.push(5), MalformedMessage);
}

TEST_CASE("a result leaves when all shards have stored it, and says whether it is finite") {
  for (const bool finite : {true, false}) {
    CAPTURE(finite);
    Stage stage;
    stage.store = [&](ScriptedEnd& own, std::size_t number, const PayloadPart& part) {
      own.say(PartStored{part.job, finite || number == 0});
      own.say(PartStored{99, false});  // of no job that is on its way
    };
    stage.meet();
    stage.push(5);
    // The results leave while it listens.
    const auto result = [&] {
      return std::find_if(stage.told.begin(), stage.told.end(), [](const WorkerSays& says) {
        return std::holds_alternative<Result>(says);
      });
    };
    while (result() == stage.told.end()) {
      static_cast<void>(stage.worker->receive(stage.worker->now()));
    }
    const auto body = stage.bodies[static_cast<std::size_t>(result() - stage.told.begin())];
    CHECK(body == std::vector<std::byte>{static_cast<std::byte>(finite)});
  }
  Stage twice;
  twice.store = [&](ScriptedEnd& own, std::size_t number, const PayloadPart& part) {
    if (number == 0) return;
    own.say(PartStored{part.job, true});
    own.say(PartStored{part.job, true});
  };
  twice.meet();
  twice.push(5);
  CHECK_THROWS_WITH_AS(twice.hear(), doctest::Contains("stored a payload twice"), MalformedMessage);
}

TEST_CASE("a shard that never replies makes the worker join anew, whatever it waits for") {
  enum class Silent { ready, state, stored };
  for (const Silent silent : {Silent::ready, Silent::state, Silent::stored}) {
    CAPTURE(static_cast<int>(silent));
    Stage stage;
    if (silent == Silent::ready) {
      stage.greet = [](ScriptedEnd&, std::size_t) {};
      stage.from_coordinator(Welcome{7, 1, 0.2, "{}", "a,b"});
      REQUIRE(stage.hear());  // that it has joined
    } else {
      stage.meet();
    }
    if (silent == Silent::state) stage.assign(5, 9);
    if (silent == Silent::stored) {
      stage.store = [](ScriptedEnd&, std::size_t, const PayloadPart&) {};
      stage.push(5);
    }
    std::optional<IncomingMessage> news;
    while (!news) {
      news = stage.worker->receive(stage.worker->now());
      stage.coordinator.pass(std::chrono::seconds(1));
      std::this_thread::sleep_for(std::chrono::milliseconds(1));  // those who listen are threads
    }
    CHECK(news->kind == Kind::left);
    CHECK(stage.coordinator.reconnects == 1);
    CHECK(stage.worker->trouble().find("has not replied for") != std::string::npos);
  }
}

TEST_CASE("what the coordinator had said when a shard left is not passed on without its states") {
  Stage stage;
  stage.meet();
  stage.coordinator.before_left = [&] {
    stage.assign(5, 9);
    stage.from_coordinator(CancelJob{5});
  };
  stage.shards[0]->put(Kind::left);
  const auto news = stage.hear();
  REQUIRE(news);
  CHECK(news->kind == Kind::left);
}

TEST_CASE("a worker whose shard has another run joins anew") {
  Stage stage;
  stage.greet = [](ScriptedEnd& own, std::size_t) {
    own.say(ShardRefusal{"it is of another run", true});
  };
  stage.from_coordinator(Welcome{7, 1, 0.2, "{}", "a,b"});
  REQUIRE(stage.hear());  // that it has joined
  const auto news = stage.hear();
  REQUIRE(news);
  CHECK(news->kind == Kind::left);
}

}  // namespace
}  // namespace syncline
