// When a coordinator takes a shard for dead, stuck or out of reach. All times are made up.

#include "fleet/shards/shard_watch.hpp"

#include <doctest/doctest.h>

#include "fleet/shards/shard_patience.hpp"

namespace syncline {
namespace {

using Seconds = std::chrono::duration<double>;
using Time = ShardWatch::Time;

constexpr Seconds heartbeat{0.25};
/// When a shard that was heard regularly up to then is silent for too long: three heartbeats, then
/// the least patience.
constexpr Seconds limit = 3 * heartbeat + shortest_patience;

/// A shard that is heard or not, and a coordinator that looks four times in a heartbeat.
struct Scene {
  Time begin = Time(std::chrono::hours(1)), now = begin;
  ShardWatch watch{heartbeat, begin};
  bool signs = true, moves = true;
  std::uint64_t beats = 0, reached = 0, heard = 0;

  /// Nullopt: nothing was wrong for so long; else when it was, and what.
  std::optional<std::pair<double, std::string>> play(Seconds time) {
    const Time from = now;
    for (int step = 1; Seconds(now - from) < time; ++step) {
      now += std::chrono::duration_cast<Time::duration>(heartbeat / 4);
      if (step % 4 == 0) {
        watch.beaten(++beats, now);
        if (moves) reached = beats;
        if (signs) watch.heard(ShardBeat{reached, heard}, now);
      }
      if (const auto complaint = watch.complaint(now)) {
        return std::pair(Seconds(now - from).count(), *complaint);
      }
    }
    return std::nullopt;
  }
  /// Ready, and heard often enough to be known.
  void settle() {
    watch.ready(now);
    REQUIRE_FALSE(play(Seconds(30)));
  }
};

TEST_CASE("a shard that is heard is all right, busy or not") {
  Scene scene;
  scene.settle();
  CHECK_FALSE(scene.play(Seconds(3600)));
}

TEST_CASE("a shard that falls silent is noticed after three heartbeats and the least patience") {
  Scene scene;
  scene.settle();
  scene.signs = false;
  const auto wrong = scene.play(Seconds(600));
  REQUIRE(wrong);
  CHECK(wrong->second.find("no sign of life for 6 s") != std::string::npos);
  CHECK(wrong->first > limit.count());
  CHECK(wrong->first < limit.count() + heartbeat.count());
}

TEST_CASE("a shard of which little is known has more time") {
  Scene scene;
  scene.watch.ready(scene.now);
  REQUIRE_FALSE(scene.play(4 * heartbeat));
  scene.signs = false;
  const auto wrong = scene.play(Seconds(600));
  REQUIRE(wrong);
  CHECK(wrong->first > longest_patience.count());
  CHECK(wrong->first < longest_patience.count() + 1);
}

TEST_CASE("a shard that loads its model, and gives no sign of life yet, is waited for") {
  Scene scene;
  scene.signs = false;
  CHECK_FALSE(scene.play(Seconds(600)));
  // It gives some, but takes no orders before it is ready.
  scene.signs = true;
  scene.moves = false;
  CHECK_FALSE(scene.play(Seconds(600)));
}

TEST_CASE("a shard that gives signs of life but is stuck is noticed, and said to be so") {
  Scene scene;
  scene.settle();
  scene.moves = false;
  const auto wrong = scene.play(Seconds(600));
  REQUIRE(wrong);
  CHECK(wrong->second.find("has taken no orders") != std::string::npos);
  CHECK(wrong->first < limit.count() + 2 * heartbeat.count());
}

TEST_CASE("a long message to a shard, of which parts arrive, is no reason to give it up") {
  Scene scene;
  scene.settle();
  scene.moves = false;
  for (int part = 0; part < 100; ++part) {
    ++scene.heard;
    CHECK_FALSE(scene.play(Seconds(5)));
  }
  CHECK(scene.play(Seconds(100)));
}

TEST_CASE("a question without an answer is noticed, a long answer on its way is waited for") {
  Scene scene;
  scene.settle();
  for (int i = 0; i < 10; ++i) {
    scene.watch.asked(scene.now);
    REQUIRE_FALSE(scene.play(Seconds(0.5)));
    CHECK(scene.watch.unanswered() == 1);
    scene.watch.answered(scene.now);
  }
  scene.watch.asked(scene.now);
  for (int part = 0; part < 100; ++part) {
    scene.watch.heard(scene.now);
    REQUIRE_FALSE(scene.play(Seconds(5)));
  }
  const auto wrong = scene.play(Seconds(100));
  REQUIRE(wrong);
  CHECK(wrong->second.find("has not answered") != std::string::npos);
}

TEST_CASE("sums that one shard does not send are noticed") {
  Scene scene;
  scene.settle();
  scene.watch.owes_sums(scene.now);
  REQUIRE_FALSE(scene.play(Seconds(30)));
  scene.watch.sums_came();
  REQUIRE_FALSE(scene.play(Seconds(600)));
  scene.watch.owes_sums(scene.now);
  const auto wrong = scene.play(Seconds(600));
  REQUIRE(wrong);
  CHECK(wrong->second.find("has not sent its sums for 60 s") != std::string::npos);
}

TEST_CASE("a coordinator that was stopped itself does not take its shards for dead") {
  for (const double pause : {0.7, 6.0, 100.0, 10'000.0}) {
    CAPTURE(pause);
    Scene scene;
    scene.settle();
    scene.watch.asked(scene.now);
    scene.now += std::chrono::duration_cast<Time::duration>(Seconds(pause));
    REQUIRE_FALSE(scene.play(Seconds(1)));
    scene.watch.answered(scene.now);
    CHECK_FALSE(scene.play(Seconds(100)));
    // But one that died in the meantime.
    scene.now += std::chrono::duration_cast<Time::duration>(Seconds(pause));
    scene.signs = false;
    CHECK(scene.play(Seconds(600)));
  }
}

TEST_CASE(
    "a worker's patience with shards grows with what is sent, and shrinks with what is known") {
  const Time begin = Time(std::chrono::hours(1));
  const auto at = [&](double seconds) {
    return begin + std::chrono::duration_cast<Time::duration>(Seconds(seconds));
  };
  ShardPatience patience;
  CHECK_FALSE(patience.exhausted(at(1e6), begin));  // nothing is waited for
  patience.wait_from(begin);
  patience.wait_from(at(50));  // it is still the same
  CHECK_FALSE(patience.exhausted(at(59), begin));
  CHECK(patience.exhausted(at(61), begin) == Seconds(61));
  CHECK_FALSE(patience.exhausted(at(61), at(2)));  // something of it has come
  patience.allow_for(10e6);
  CHECK_FALSE(patience.exhausted(at(69), begin));
  CHECK(patience.exhausted(at(71), begin));
  patience.over();
  CHECK_FALSE(patience.exhausted(at(1e6), begin));
  for (int i = 0; i < 10; ++i) {
    patience.wait_from(at(i));
    patience.over(at(i + 0.5));
  }
  patience.wait_from(at(100));
  CHECK_FALSE(patience.exhausted(at(114), begin));
  CHECK(patience.exhausted(at(116), begin));  // 5 s, and 10 s for 10 MB
}

}  // namespace
}  // namespace syncline
