// What a server refuses, ignores and counts, and whom it takes for down: the real server against
// workers that say what a test has them say, in simulated time.

#include <cmath>
#include <limits>

#include <doctest/doctest.h>

#include "fleet/cluster/remote_workers.hpp"
#include "fleet/training/load_workload.hpp"
#include "transport/simulated/simulated_network.hpp"

namespace syncline {
namespace {

using Told = WorkerMessage<double>;
using Kind = Told::Kind;
using Seconds = SimulatedNetwork::Seconds;

constexpr std::uint64_t incarnation = 7;
constexpr double infinity = std::numeric_limits<double>::infinity();

ModelConfig model() {
  ModelConfig config;
  config.workload = "quadratic(dimension=3)";
  return config;
}

/// A worker's process that knows the protocol and keeps to it as far as a test wants.
class Puppet {
 public:
  Puppet(SimulatedNetwork& network, SimulatedNetwork::Process process)
      : transport_(network.connect(process, [this] { listen(); })),
        heart_(transport_->pulse(Seconds(0.1), [this] { say(Heartbeat{taken}); })) {}

  void say(const WorkerSays& says, const std::vector<double>& payload = {}) {
    OutgoingMessage message{encode(says)};
    const auto bytes = std::as_bytes(std::span<const double>(payload));
    message.head.insert(message.head.end(), bytes.begin(), bytes.end());
    transport_->send(std::move(message));
  }
  void result(std::uint64_t job, const std::vector<double>& payload, double loss = 1) {
    say(Result{incarnation, job, 0, 1, loss, false}, payload);
  }
  /// The last message of a kind; null if none has come.
  template <class Message>
  [[nodiscard]] const Message* last() const {
    for (auto says = heard_.rbegin(); says != heard_.rend(); ++says) {
      if (const auto* message = std::get_if<Message>(&*says)) return message;
    }
    return nullptr;
  }

  bool confirms = true;
  std::uint64_t taken = 0;  ///< confirmed by heartbeats
  Hello hello;

 private:
  void listen() {
    while (auto incoming = transport_->receive({})) {
      // Whoever was refused stays away.
      if (incoming->kind == IncomingMessage::Kind::joined && last<Refusal>() == nullptr) say(hello);
      if (incoming->kind != IncomingMessage::Kind::message) continue;
      std::span<const std::byte> body;
      heard_.push_back(decode_from_server(incoming->bytes, body));
      if (std::holds_alternative<Welcome>(heard_.back())) say(Ready{3, 0});
      const auto* job = std::get_if<Assignment>(&heard_.back());
      if (job != nullptr && confirms) taken = job->job.job + 1;
    }
  }

  std::vector<ServerSays> heard_;
  std::unique_ptr<WorkerTransport> transport_;
  std::unique_ptr<Pulse> heart_;
};

/// A server and its workers, which are up.
struct Stage {
  explicit Stage(std::uint32_t count) {
    SimulatedNetwork::Settings settings;
    settings.workers = count;
    network = std::make_unique<SimulatedNetwork>(settings);
    ClusterSettings cluster;
    cluster.workers = count;
    cluster.incarnation = incarnation;
    cluster.pieces = 2;
    server =
        std::make_unique<RemoteWorkers<double>>(network->server(), *workload, wire, 1, cluster);
    for (std::uint32_t i = 0; i < count; ++i) {
      puppets.push_back(std::make_unique<Puppet>(*network, i + 1));
      // One after the other, so that the i-th puppet is worker i.
      REQUIRE(hear().size() == 1);
    }
  }
  /// What the server hears within a time.
  std::vector<Told> hear(double seconds = 0.1) {
    const auto end =
        server->now() + std::chrono::duration_cast<std::chrono::nanoseconds>(Seconds(seconds));
    std::vector<Told> told;
    while (auto message = server->receive(end)) told.push_back(std::move(*message));
    return told;
  }
  void assign(WorkerId worker, std::uint64_t number, double state = 0) {
    Job job;
    job.worker = worker;
    job.job = number;
    job.work = {1, 1};
    auto snapshot = std::make_shared<Snapshot<double>>();
    snapshot->state.assign(3, state);
    JobStart<double> start;
    start.read = std::move(snapshot);
    server->assign(job, start, {});
    hear();
  }
  [[nodiscard]] std::uint64_t count(const std::string& reason) const {
    const auto oddities = server->oddities();
    const auto found = oddities.find(reason);
    return found == oddities.end() ? 0 : found->second;
  }
  /// Whether the worker was turned away for a message, and is down.
  void check_refused(const std::vector<Told>& told, WorkerId worker, const std::string& why) {
    CHECK(count("refused: malformed message") == 1);
    REQUIRE(told.size() == 1);
    CHECK(told[0].kind == Kind::down);
    CHECK(told[0].worker == worker);
    REQUIRE(puppets[worker]->last<Refusal>() != nullptr);
    CHECK(puppets[worker]->last<Refusal>()->reason.find(why) != std::string::npos);
  }

  std::shared_ptr<const Workload<double>> workload = load_workload<double>(model());
  Wire<double> wire{*workload, {}, 1, 8, 1};
  std::unique_ptr<SimulatedNetwork> network;
  std::unique_ptr<RemoteWorkers<double>> server;
  std::vector<std::unique_ptr<Puppet>> puppets;  ///< go first: they use the network
};

TEST_CASE("a payload or a loss that is not finite, of one of three, costs its job and its memory") {
  for (const bool loss : {false, true}) {
    CAPTURE(loss);
    Stage stage(3);
    stage.assign(1, 0);
    stage.puppets[1]->result(0, {1, loss ? 2 : NAN, 3}, loss ? infinity : 1);
    const auto told = stage.hear();
    REQUIRE(told.size() == 2);
    CHECK(told[0].kind == Kind::down);
    CHECK(told[1].kind == Kind::up);
    CHECK(stage.count("refused: payload that is not finite") == 1);
    // It is told so, once.
    stage.assign(1, 1);
    CHECK(stage.puppets[1]->last<Assignment>()->afresh);
    stage.puppets[1]->result(1, {1, 2, 3});
    REQUIRE(stage.hear().size() == 1);
    stage.assign(1, 2);
    CHECK_FALSE(stage.puppets[1]->last<Assignment>()->afresh);
  }
}

TEST_CASE("a worker whose payloads never are finite is turned away for good, and alone") {
  Stage stage(3);
  for (std::uint64_t job = 0; job < RemoteWorkers<double>::most_strikes; ++job) {
    stage.assign(2, job);
    stage.puppets[2]->result(job, {NAN, 0, 0});
    const auto told = stage.hear();
    REQUIRE(!told.empty());
    CHECK(told[0].kind == Kind::down);
  }
  REQUIRE(stage.puppets[2]->last<Refusal>() != nullptr);
  CHECK_FALSE(stage.puppets[2]->last<Refusal>()->try_again);
  CHECK(stage.count("refused: faulty worker") == 1);
  CHECK(stage.count("refused: payload that is not finite") == 3);
  stage.assign(0, 0);
  stage.puppets[0]->result(0, {1, 2, 3});
  REQUIRE(stage.hear().size() == 1);
}

TEST_CASE("where most workers' payloads are not finite, it is the run, and the host hears of it") {
  Stage stage(3);
  for (const WorkerId worker : {0U, 1U}) {
    stage.assign(worker, 0);
    stage.puppets[worker]->result(0, {infinity, 0, 0}, NAN);
    const auto told = stage.hear();
    REQUIRE(!told.empty());
    CHECK(told[0].kind == (worker == 0 ? Kind::down : Kind::arrived));
  }
  CHECK(stage.count("refused: payload that is not finite") == 1);
}

TEST_CASE("of a state that is not finite itself, no better payload is asked for") {
  Stage stage(3);
  stage.assign(0, 0, infinity);
  stage.puppets[0]->result(0, {NAN, NAN, NAN}, NAN);
  const auto told = stage.hear();
  REQUIRE(told.size() == 1);
  CHECK(told[0].kind == Kind::arrived);
  CHECK(stage.server->oddities().empty());
}

TEST_CASE(
    "jobs that are given up: those that were cancelled, with as many micro-batches as they had") {
  {
    Stage stage(1);
    stage.assign(0, 0);
    stage.server->cancel(0);
    stage.puppets[0]->say(GivenUp{incarnation, 0, 1, 2});
    const auto told = stage.hear();
    REQUIRE(told.size() == 1);
    CHECK(told[0].kind == Kind::abandoned);
    CHECK(told[0].pieces_done == 1);
    // Said again, it is about a job that nobody waits for.
    stage.puppets[0]->say(GivenUp{incarnation, 0, 1, 2});
    CHECK(stage.hear().empty());
    CHECK(stage.count("surrender of an unknown job") == 1);
  }
  {
    Stage stage(1);
    stage.assign(0, 0);
    stage.puppets[0]->say(GivenUp{incarnation, 0, 1, 2});
    stage.check_refused(stage.hear(), 0, "given up that is wanted");
  }
  for (const GivenUp& wrong : {GivenUp{incarnation, 0, 3, 2}, GivenUp{incarnation, 0, 1, 5}}) {
    Stage stage(1);
    stage.assign(0, 0);
    stage.server->cancel(0);
    stage.puppets[0]->say(wrong);
    stage.check_refused(stage.hear(), 0, "micro-batches was given up");
  }
}

TEST_CASE("results that come twice, late, or from an earlier server are ignored and counted") {
  Stage stage(1);
  stage.assign(0, 3);
  stage.puppets[0]->result(3, {1, 2, 3});
  stage.puppets[0]->result(3, {1, 2, 3});
  CHECK(stage.hear().size() == 1);
  CHECK(stage.count("result of an unknown job") == 1);
  stage.assign(0, 4);
  stage.server->cancel(0);
  stage.puppets[0]->result(4, {1, 2, 3});
  CHECK(stage.hear().empty());
  CHECK(stage.count("late result") == 1);
  stage.assign(0, 5);
  stage.puppets[0]->say(Result{incarnation - 1, 5, 0, 1, 1, false}, {1, 2, 3});
  CHECK(stage.hear().empty());
  CHECK(stage.count("result of an earlier incarnation") == 1);
  stage.puppets[0]->say(Hello{});
  stage.puppets[0]->say(Ready{3, 0});
  CHECK(stage.hear().empty());
  CHECK(stage.count("repeated hello") == 1);
  CHECK(stage.count("repeated ready") == 1);
  stage.puppets[0]->result(5, {1, 2, 3});
  CHECK(stage.hear().size() == 1);
}

TEST_CASE("jobs and versions from the future, and too much nonsense, end the connection") {
  {
    Stage stage(1);
    stage.assign(0, 0);
    stage.puppets[0]->result(1, {1, 2, 3});
    stage.check_refused(stage.hear(), 0, "yet to come");
  }
  {
    Stage stage(1);
    stage.assign(0, 0);
    stage.puppets[0]->say(Result{incarnation, 0, 9, 1, 1, false}, {1, 2, 3});
    stage.check_refused(stage.hear(), 0, "computed at version 9");
  }
  {
    Stage stage(1);
    stage.assign(0, 0);
    stage.puppets[0]->confirms = false;
    stage.puppets[0]->taken = 5;
    stage.check_refused(stage.hear(0.3), 0, "confirmed that was not sent");
  }
  {
    Stage stage(1);
    stage.assign(0, 0);
    for (std::uint32_t i = 0; i <= RemoteWorkers<double>::most_ignored; ++i) {
      stage.puppets[0]->say(Ready{3, 0});
    }
    stage.check_refused(stage.hear(1), 0, "without sense");
  }
}

TEST_CASE("what a worker had in hand of an earlier server is counted, and nothing more") {
  Stage stage(2);
  stage.network->end(1, false);
  CHECK(stage.hear().size() == 1);
  stage.puppets[0] = std::make_unique<Puppet>(*stage.network, 1);
  stage.puppets[0]->hello.incarnation = 3;
  stage.puppets[0]->hello.job = 12;
  REQUIRE(stage.hear().size() == 1);
  CHECK(stage.count("job of an earlier incarnation") == 1);
}

TEST_CASE("a worker that heartbeats but does not confirm a job is down, once patience is over") {
  Stage stage(2);
  stage.puppets[0]->confirms = false;
  stage.assign(0, 0);
  stage.assign(1, 0);
  CHECK(stage.hear(4).empty());
  const auto told = stage.hear(longest_patience.count());
  REQUIRE(told.size() >= 1);
  CHECK(told[0].kind == Kind::down);
  CHECK(told[0].worker == 0);
  // It may come back. The other one has all the time that its gradient takes.
  CHECK(stage.puppets[0]->last<Refusal>()->try_again);
  for (const Told& each : told) CHECK(each.worker == 0);
}

TEST_CASE("a server that was stopped itself does not take its workers for dead") {
  for (const double pause : {0.7, 5.0, 100.0}) {
    CAPTURE(pause);
    Stage stage(3);
    stage.network->stop(SimulatedNetwork::server_process, Seconds(pause));
    CHECK(stage.hear(pause + 1).empty());
    // But those who died in the meantime.
    stage.network->stop(SimulatedNetwork::server_process, Seconds(pause));
    stage.network->end(2, true);
    const auto told = stage.hear(pause + 1);
    REQUIRE(told.size() == 1);
    CHECK(told[0].kind == Kind::down);
    CHECK(told[0].worker == 1);
  }
}

}  // namespace
}  // namespace syncline
