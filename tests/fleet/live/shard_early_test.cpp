// What comes of a job before the order that begins it: the worker's way to a shard is another than
// the coordinator's, and may be faster.

#include "fleet/live/shard_stage.hpp"

namespace syncline {
namespace {

using namespace testing::shard_stage;

void send_part(Stage& stage, Peer peer, std::uint64_t job, std::size_t length = dimension) {
  stage.server.put(peer, PayloadPart{job, false}, std::vector<double>(length, 1));
}

/// The jobs of which a peer was told that its parts are stored, in order.
std::vector<std::uint64_t> stored(const Stage& stage, Peer peer) {
  std::vector<std::uint64_t> jobs;
  for (const FromShard& says : stage.server.said.at(peer)) {
    if (const auto* part = std::get_if<PartStored>(&says)) jobs.push_back(part->job);
  }
  return jobs;
}

TEST_CASE("a payload that overtakes the order that begins its job is used, and stored only then") {
  for (const bool begins : {false, true}) {
    CAPTURE(begins);
    Stage stage;
    send_part(stage, worker, 5);
    if (begins) {
      stage.orders(StartOrder{1, 5, 5, 0, false});
      stage.orders(FoldOrder{1, 5, 0, 0.5});
      stage.orders(StepOrder{0, 1, 1});
      stage.orders(VersionQuestion{1});
    }
    stage.play();
    CHECK(stored(stage, worker).size() == (begins ? 1 : 0));
    CHECK(stage.server.last<ShardFailure>(coordinator) == nullptr);
    CHECK((stage.server.last<ShardAnswer>(coordinator) != nullptr) == begins);
  }
}

TEST_CASE(
    "a payload of a job that follows one which was cancelled takes the place of its payload") {
  for (const bool begins : {false, true}) {
    CAPTURE(begins);
    Stage stage;
    send_part(stage, worker, 5);
    send_part(stage, worker, 7);
    if (begins) {
      for (const std::uint64_t job : {5, 6, 7}) stage.orders(StartOrder{1, job, job, 0, false});
      stage.orders(FoldOrder{1, 7, 0, 0.5});
    }
    stage.play();
    std::vector<std::uint64_t> jobs = {5};
    if (begins) jobs.push_back(7);
    CHECK(stored(stage, worker) == jobs);
    CHECK(stage.server.last<ShardFailure>(coordinator) == nullptr);
  }
}

TEST_CASE("a payload of a job that never begins keeps the place of no other worker's") {
  Stage stage;
  WorkerHello hello;
  hello.incarnation = incarnation;
  hello.worker = 1;
  stage.server.put(stranger, hello);
  send_part(stage, worker, 5);
  send_part(stage, stranger, 1'000'000);
  stage.orders(StartOrder{1, 5, 5, 0, false});
  stage.orders(FoldOrder{1, 5, 0, 0.5});
  stage.orders(VersionQuestion{0});
  stage.play();
  CHECK(stored(stage, worker) == std::vector<std::uint64_t>{5});
  CHECK(stored(stage, stranger).empty());
  CHECK(stage.server.last<ShardFailure>(coordinator) == nullptr);
}

TEST_CASE(
    "an early payload of another length is refused when its job begins, and the run goes on") {
  Stage stage;
  send_part(stage, worker, 5, dimension - 1);
  stage.orders(StartOrder{1, 5, 5, 0, false});
  stage.check_refused(worker, "a part of a payload has");
}

TEST_CASE("a payload for the run before does not end its worker: it is told to join anew") {
  Stage stage;
  send_part(stage, stranger, 5);
  stage.check_refused(stranger, "a payload came before a hello");
  CHECK(stage.server.last<ShardRefusal>(stranger)->try_again);
}

}  // namespace
}  // namespace syncline
