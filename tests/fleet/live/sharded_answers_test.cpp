// What a coordinator makes of shards that say what makes no sense, or nothing: the run ends with an
// error that names the shard, and never hangs. The real hub against shards of which a test says
// what they answer, in time that the test makes.

#include <cmath>
#include <limits>

#include <doctest/doctest.h>

#include "fleet/live/scripted_ends.hpp"
#include "fleet/shards/sharded_parameters.hpp"
#include "transport/transport_error.hpp"

namespace syncline {
namespace {

using testing::ScriptedEnd;
using Numbers = std::vector<double>;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t dimension = 9000;
constexpr std::size_t lengths[] = {4096, 4904};

enum class Beats { answered, stuck, none };

/// A shard: what it does with what it is told. It greets, and beats, by itself.
struct FakeShard {
  explicit FakeShard(std::size_t number) : length(lengths[number]) {
    end = std::make_unique<ScriptedEnd>([this](ScriptedEnd& own, const auto& bytes) {
      std::span<const std::byte> body;
      const ToShard told = decode_to_shard(bytes, body);
      if (std::holds_alternative<ShardHello>(told)) return greet(own);
      if (const auto* beat = std::get_if<CoordinatorBeat>(&told)) {
        if (beats == Beats::answered) own.say(ShardBeat{beat->number, 0});
        if (beats == Beats::stuck) own.say(ShardBeat{0, 0});
        return;
      }
      answer(own, told);
    });
    raw = end.get();
  }

  std::size_t length;
  std::atomic<Beats> beats{Beats::answered};
  std::function<void(ScriptedEnd&)> greet = [this](ScriptedEnd& own) {
    own.say(ShardBeat{0, 0});
    own.say(ShardReady{length});
  };
  /// As an honest one.
  std::function<void(ScriptedEnd&, const ToShard&)> answer = [this](ScriptedEnd& own,
                                                                    const ToShard& told) {
    if (std::holds_alternative<ArrivalQuestion>(told)) return own.say(ShardAnswer{}, Numbers{1, 2});
    if (std::holds_alternative<StepQuestion>(told))
      return own.say(ShardAnswer{}, Numbers{1, 2, 3, nan});
    if (std::holds_alternative<StateQuestion>(told))
      return own.say(ShardAnswer{R"({"state": {}, "names": ["a", "b"]})"});
    if (std::holds_alternative<RestoreOrder>(told)) {
      return own.say(ShardAnswer{"a"}, Numbers{static_cast<double>(length)});
    }
    if (std::holds_alternative<RestoreVector>(told)) return own.say(ShardAnswer{});
    if (std::holds_alternative<VersionQuestion>(told) ||
        std::holds_alternative<AverageQuestion>(told) ||
        std::holds_alternative<ProbeQuestion>(told) ||
        std::holds_alternative<VectorQuestion>(told)) {
      own.say(ShardAnswer{}, Numbers(length, 1));
    }
  };
  ScriptedEnd* raw;
  std::unique_ptr<ScriptedEnd> end;
};

/// A coordinator and two shards, the second of which is wrong somehow.
struct Stage {
  std::vector<ShardWay> ways() {
    std::vector<ShardWay> ways;
    ways.push_back({"a", std::move(first.end)});
    ways.push_back({"b", std::move(second.end)});
    return ways;
  }
  void meet() {
    hub = std::make_unique<ShardHub>(ways(), "token", 7, "{}",
                                     std::vector<std::size_t>{lengths[0], lengths[1]});
    ServerLayout layout;
    layout.workers = 4;
    parameters = std::make_unique<ShardedParameters<double>>(*hub, Slices(dimension, 0, 2), 0.1,
                                                             OptimizerConfig{}, layout);
  }
  /// Until a shard is blamed. What it says may be noticed a little later.
  [[noreturn]] void wait() {
    for (;;) {
      hub->check();
      std::this_thread::yield();
    }
  }

  FakeShard first{0}, second{1};
  std::unique_ptr<ShardHub> hub;
  std::unique_ptr<ShardedParameters<double>> parameters;
};

using Parts = ShardedParameters<double>;
const auto ask_whole = [](Parts& all) { static_cast<void>(all.whole(all.snapshot())); };
const auto ask_arrival = [](Parts& all) {
  Observables wanted;
  wanted.norm = wanted.distance = true;
  Arrive event;
  all.describe(wanted, {}, *all.snapshot(), {1, 5}, event);
};
const auto ask_step = [](Parts& all) {
  Stepped event;
  all.describe(event);
};
const auto ask_state = [](Parts& all) { static_cast<void>(all.state()); };
const auto ask_vectors = [](Parts& all) { static_cast<void>(all.vectors()); };
const auto ask_restore = [](Parts& all) {
  OptimizerConfig config;
  EmptyWorkload<double> nothing(0.1);
  ServerLayout layout;
  layout.workers = 4;
  ParameterServer<double> server(nothing, config, layout);
  all.restore(server.state(), [](const std::string&, std::vector<double>&) {});
};

TEST_CASE("answers of honest shards are taken") {
  Stage stage;
  stage.meet();
  CHECK(stage.parameters->whole(stage.parameters->snapshot())->state.size() == dimension);
  CHECK_NOTHROW(ask_arrival(*stage.parameters));
  CHECK_NOTHROW(ask_step(*stage.parameters));
  CHECK(stage.parameters->state().is_object());
  CHECK(stage.parameters->vectors().size() == 2);
  CHECK_NOTHROW(ask_restore(*stage.parameters));
  CHECK_NOTHROW(stage.hub->check());
}

TEST_CASE(
    "the current version is fetched once, however often it is wanted, and anew after a step") {
  Stage stage;
  std::atomic<int> asked{0};
  stage.second.answer = [&, honest = stage.second.answer](ScriptedEnd& own, const ToShard& told) {
    if (std::holds_alternative<VersionQuestion>(told)) ++asked;
    honest(own, told);
  };
  stage.meet();
  for (int i = 0; i < 3; ++i) ask_whole(*stage.parameters);
  CHECK(asked == 1);
  stage.parameters->fold(0, 1, {}, *stage.parameters->snapshot(), {1, 5});
  stage.parameters->step(0, 1, 1);
  ask_whole(*stage.parameters);
  CHECK(asked == 2);
}

TEST_CASE("answers that make no sense end the run, and the error names the shard") {
  struct Wrong {
    std::function<void(Parts&)> ask;
    std::function<void(ScriptedEnd&)> say;
    const char* why;
  };
  const auto numbers = [](Numbers body, std::string text = "") {
    return [=](ScriptedEnd& own) { own.say(ShardAnswer{text}, body); };
  };
  const auto bytes = [](std::size_t count) {
    return [=](ScriptedEnd& own) { own.say(ShardAnswer{}, std::vector<char>(count)); };
  };
  const auto says = [](const FromShard& message) {
    return [=](ScriptedEnd& own) { own.say(message); };
  };
  const std::vector<Wrong> all = {
      {ask_whole, numbers(Numbers(lengths[1] - 1)), "its part of a state"},
      {ask_whole, numbers(Numbers(lengths[1] + 1)), "its part of a state"},
      {ask_whole, numbers({}), "its part of a state"},
      {ask_whole, bytes(lengths[1] * 8 - 1), "cut short"},
      {ask_arrival, numbers({1}), "something else"},
      {ask_arrival, numbers({1, 2, 3}), "something else"},
      {ask_arrival, numbers({1, 3}), "than shard 0"},
      {ask_arrival, numbers({nan, 2}), "than shard 0"},
      {ask_arrival, bytes(15), "something else"},
      {ask_step, numbers({1, 2, 3}), "something else"},
      {ask_step, numbers({1, 2, 3, 4}), "than shard 0"},
      {ask_state, numbers({}, ""), "can't be read"},
      {ask_state, numbers({}, "{"), "can't be read"},
      {ask_state, numbers({}, "[]"), "can't be read"},
      {ask_state, numbers({}, "\xff"), "can't be read"},
      {ask_state, numbers({}, std::string(100'000, '[')), "can't be read"},
      {ask_state, numbers({}, R"({"state": {}})"), "can't be read"},
      {ask_state, numbers({}, R"({"state": {}, "names": 7})"), "can't be read"},
      {ask_state, numbers({}, R"({"state": {}, "names": [7]})"), "can't be read"},
      {ask_state, numbers({}, R"({"state": 7, "names": ["a", "b"]})"), "no object"},
      {ask_state, numbers({}, R"({"state": {}, "names": ["a"]})"), "not those of shard 0"},
      {ask_state, numbers({}, R"({"state": {}, "names": ["a", "a"]})"), "of one name"},
      {ask_restore, numbers({4904}, "b"), "another vector"},
      {ask_restore, numbers({}, ""), "another vector"},
      {ask_restore, numbers({}, "a"), "no length"},
      {ask_restore, numbers({1, 2}, "a"), "no length"},
      {ask_restore, numbers({4903}, "a"), "elements of a vector"},
      {ask_restore, numbers({0}, "a"), "elements of a vector"},
      {ask_restore, numbers({nan}, "a"), "no possible length"},
      {ask_restore, numbers({-1}, "a"), "no possible length"},
      {ask_restore, numbers({1e300}, "a"), "no possible length"},
      {ask_whole, says(ShardReady{lengths[1]}), "twice"},
      {ask_whole, says(ShardReady{7}), "twice"},
      {ask_whole, says(StatePart{}), "for a worker"},
      {ask_whole, says(PartStored{}), "for a worker"},
      {ask_whole, says(ShardRefusal{"no"}), "refuses: no"},
      {ask_whole, says(ShardRefusal{"no", true}), "refuses: no"},
      {ask_whole, says(ShardFailure{"broken"}), "broken"},
      {ask_whole, says(ShardBeat{1'000'000'000, 0}), "was not sent"},
      {ask_whole, says(BlockSums{}), "sums make no sense"},
      {ask_whole, [](ScriptedEnd& own) { own.say(BlockSums{}, Numbers(3)); }, "sums make no sense"},
      {ask_whole, [](ScriptedEnd& own) { own.say(BlockSums{}, std::vector<char>(7)); },
       "sums make no sense"},
      {ask_whole, [](ScriptedEnd& own) { own.put(IncomingMessage::Kind::left); }, "gone"},
      {ask_whole, [](ScriptedEnd& own) { own.put(IncomingMessage::Kind::joined); }, "gone"},
      {ask_whole,
       [](ScriptedEnd& own) {
         own.put(IncomingMessage::Kind::message, std::vector<std::byte>(3, std::byte{200}));
       },
       "unknown kind"},
  };
  for (const Wrong& wrong : all) {
    CAPTURE(wrong.why);
    Stage stage;
    stage.second.answer = [&](ScriptedEnd& own, const ToShard&) { wrong.say(own); };
    stage.meet();
    CHECK_THROWS_WITH_AS(wrong.ask(*stage.parameters), doctest::Contains(wrong.why),
                         TransportError);
    // For good: answers to what was asked before must not be taken for those to the next question.
    CHECK_THROWS_WITH_AS(ask_whole(*stage.parameters), doctest::Contains("shard 1 at b"),
                         TransportError);
    CHECK_THROWS_WITH_AS(stage.hub->check(), doctest::Contains("--resume"), TransportError);
  }
}

TEST_CASE("vectors of a checkpoint that are longer or shorter than their shard end the run") {
  for (const std::size_t length : {std::size_t{0}, lengths[1] - 1, lengths[1] + 1}) {
    CAPTURE(length);
    Stage stage;
    stage.second.answer = [&, honest = stage.second.answer](ScriptedEnd& own, const ToShard& told) {
      if (!std::holds_alternative<VectorQuestion>(told)) return honest(own, told);
      own.say(ShardAnswer{}, Numbers(length));
    };
    stage.meet();
    CHECK_THROWS_WITH_AS(ask_vectors(*stage.parameters), doctest::Contains("shard 1 at b"),
                         TransportError);
  }
}

TEST_CASE("a shard that wants vectors without end ends the run") {
  Stage stage;
  for (FakeShard* shard : {&stage.first, &stage.second}) {
    shard->answer = [shard](ScriptedEnd& own, const ToShard&) {
      own.say(ShardAnswer{"a"}, Numbers{static_cast<double>(shard->length)});
    };
  }
  stage.meet();
  CHECK_THROWS_WITH_AS(ask_restore(*stage.parameters), doctest::Contains("'a' twice"),
                       TransportError);
}

TEST_CASE("what a shard says unasked, or cut at any byte, ends the run") {
  const std::vector<FromShard> messages = {ShardReady{1},    ShardRefusal{"r"}, BlockSums{},
                                           ShardAnswer{"a"}, ShardFailure{"f"}, StatePart{},
                                           PartStored{},     ShardBeat{}};
  CHECK(messages.size() == std::variant_size_v<FromShard>);
  for (const FromShard& message : messages) {
    const auto whole = encode_message(message);
    for (std::size_t length = 0; length <= whole.size(); ++length) {
      // An honest beat may come at any time.
      if (length == whole.size() && std::holds_alternative<ShardBeat>(message)) continue;
      CAPTURE(message.index());
      CAPTURE(length);
      Stage stage;
      stage.meet();
      stage.second.raw->put(IncomingMessage::Kind::message,
                            {whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(length)});
      CHECK_THROWS_WITH_AS(stage.wait(), doctest::Contains("shard 1 at b"), TransportError);
    }
  }
}

TEST_CASE("sums of all shards are added up, in their order; twice the same ones are refused") {
  Stage stage;
  std::atomic<int> totals{0};
  std::atomic<double> total{0};
  for (FakeShard* shard : {&stage.first, &stage.second}) {
    shard->answer = [&](ScriptedEnd&, const ToShard& told) {
      total = std::get<TotalAnswer>(told).total;
      ++totals;
    };
  }
  stage.meet();
  stage.second.raw->say(BlockSums{}, Numbers{-1, 0.5});
  stage.first.raw->say(BlockSums{}, Numbers{1});
  while (totals < 2) std::this_thread::yield();
  CHECK(total == 0.5);
  stage.second.raw->say(BlockSums{}, Numbers{1, 1});
  stage.second.raw->say(BlockSums{}, Numbers{1, 1});
  CHECK_THROWS_WITH_AS(stage.wait(), doctest::Contains("shard 1 at b"), TransportError);
}

TEST_CASE("a shard that stops answering ends the run, and the error says how it is wrong") {
  struct Wrong {
    Beats beats;
    const char* why;
  };
  for (const Wrong& wrong :
       {Wrong{Beats::none, "no sign of life for 61 s"}, Wrong{Beats::stuck, "has taken no orders"},
        Wrong{Beats::answered, "has not answered"}}) {
    CAPTURE(wrong.why);
    Stage stage;
    stage.second.answer = [](ScriptedEnd&, const ToShard&) {};
    stage.meet();
    stage.second.beats = wrong.beats;
    stage.second.raw->rush();
    if (wrong.beats == Beats::answered) {
      CHECK_THROWS_WITH_AS(ask_whole(*stage.parameters), doctest::Contains(wrong.why),
                           TransportError);
    } else {
      // Whether anything is asked of it or not.
      CHECK_THROWS_WITH_AS(stage.wait(), doctest::Contains(wrong.why), TransportError);
    }
    CHECK_THROWS_WITH_AS(stage.hub->check(), doctest::Contains("shard 1 at b"), TransportError);
  }
}

TEST_CASE("a shard that keeps its sums back ends the run") {
  Stage stage;
  stage.meet();
  stage.first.raw->say(BlockSums{}, Numbers{1});
  stage.second.raw->rush();
  CHECK_THROWS_WITH_AS(stage.wait(),
                       doctest::Contains("shard 1 at b: it takes orders, but has not "
                                         "sent its sums"),
                       TransportError);
}

TEST_CASE("a coordinator that finds a shard taken tries again, for a while") {
  for (const bool let_in : {true, false}) {
    CAPTURE(let_in);
    Stage stage;
    int hellos = 0;
    stage.second.greet = [&, honest = stage.second.greet](ScriptedEnd& own) {
      if (++hellos > 5 && let_in) return honest(own);
      own.say(ShardRefusal{"taken", true});
      own.put(IncomingMessage::Kind::left);
      own.put(IncomingMessage::Kind::joined);
      own.rush();
    };
    if (let_in) {
      CHECK_NOTHROW(stage.meet());
      CHECK(hellos == 6);
    } else {
      // It is refused as fast as it asks, so time has to be made here.
      stage.second.greet = [&](ScriptedEnd& own) {
        own.say(ShardRefusal{"taken", true});
        own.put(IncomingMessage::Kind::left);
        own.rush();
      };
      CHECK_THROWS_WITH_AS(stage.meet(), doctest::Contains("shard 1 at b: it refuses: taken"),
                           TransportError);
    }
  }
}

}  // namespace
}  // namespace syncline
