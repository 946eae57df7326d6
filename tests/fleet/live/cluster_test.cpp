// Workers at the other end of a transport, here within one process: the real server and the real
// workers, protocol and all. Nothing depends on how long anything takes.

#include <sstream>
#include <thread>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "fleet/cluster/worker_session.hpp"
#include "fleet/live/working_thread.hpp"
#include "fleet/training/load_workload.hpp"
#include "fleet/training_support.hpp"
#include "support/policy_samples.hpp"
#include "support/temporary_folder.hpp"
#include "syncline/error.hpp"
#include "transport/inproc.hpp"
#include "transport/transport_error.hpp"

namespace syncline {
namespace {

using testing::run;
using testing::same_bits;
using testing::short_run;
using testing::TemporaryFolder;
using testing::WorkingThread;

RunConfig cluster_run(const std::string& policy, const TemporaryFolder& folder) {
  RunConfig config = short_run(policy);
  config.fleet.workers = 4;
  config.fleet.inject_delay = "exponential(rate=2000)";
  config.model.workload = "quadratic(dimension=20, noise=0.1)";
  config.model.precision = "float64";
  config.optimizer.step_size = 0.01;
  config.stop.updates = 25;
  config.stop.evaluate_every = 0.01;
  config.log = (folder / "log").string();
  return config;
}

using Finished = testing::Finished<double>;

Finished serve(const RunConfig& config, InprocNetwork& network, const Progress& progress = {}) {
  const auto workload = load_workload<double>(config.model);
  TrainingRun<double> training(config, workload, testing::timing_of(config),
                               WayToWorkers{network.server()});
  RunResult result = training.run(progress);
  return {std::move(result), training.state()};
}

Finished replay(RunConfig config, const TemporaryFolder& folder) {
  config.replay = config.log;
  config.log = (folder / "again").string();
  return run<double>(config, load_workload<double>(config.model));
}

TEST_CASE("a run on remote workers, every policy, replayed from its log, gives the same bits") {
  for (const std::string& policy : testing::sample_policies()) {
    CAPTURE(policy);
    const TemporaryFolder folder;
    const RunConfig config = cluster_run(policy, folder);
    InprocNetwork network;
    std::vector<std::unique_ptr<WorkingThread>> workers;
    for (int i = 0; i < 4; ++i) {
      workers.push_back(std::make_unique<WorkingThread>(network, "w" + std::to_string(i)));
    }
    const Finished live = serve(config, network);
    CHECK(live.result.updates == 25);
    for (auto& worker : workers) CHECK(worker->ended(false) == "the run is over");
    const Finished replayed = replay(config, folder);
    CHECK(same_bits(live.state, replayed.state));
    CHECK(replayed.result.account.applied == live.result.account.applied);
  }
}

TEST_CASE("codecs on both ways and momentum at the workers, remote, replay to the same bits") {
  for (const char* policy : {"k-sync(k=3)", "k-async(k=2)", "fedglomo(steps=2, clients=3)"}) {
    for (const char* codec : {"top-k(share=0.3)", "qsgd(bits=4)", "fp16"}) {
      CAPTURE(policy);
      CAPTURE(codec);
      const TemporaryFolder folder;
      RunConfig config = cluster_run(policy, folder);
      config.worker.codec = codec;
      config.worker.pull_codec = "bf16";
      if (std::string(policy).starts_with("k-")) config.worker.momentum = 0.5;
      InprocNetwork network;
      std::vector<std::unique_ptr<WorkingThread>> workers;
      for (int i = 0; i < 4; ++i) {
        workers.push_back(std::make_unique<WorkingThread>(network, "w" + std::to_string(i)));
      }
      const Finished live = serve(config, network);
      CHECK(same_bits(live.state, replay(config, folder).state));
    }
  }
}

TEST_CASE("workers that come and go at any time, the run goes on and its log replays") {
  const TemporaryFolder folder;
  RunConfig config = cluster_run("k-async(k=2)", folder);
  config.worker.codec = "top-k(share=0.3)";
  config.worker.momentum = 0.5;
  config.stop.updates = 400;
  InprocNetwork network;
  std::vector<std::unique_ptr<WorkingThread>> workers;
  Progress progress;
  Version seen = 0;
  // At every 20th update the longest-serving worker goes and another comes.
  progress.report = [&](const std::string&, double fraction) {
    const auto version = static_cast<Version>(fraction * 400 + 0.5);
    if (version / 20 == seen / 20) return;
    seen = version;
    workers.erase(workers.begin());
    workers.push_back(std::make_unique<WorkingThread>(network, "w"));
  };
  for (int i = 0; i < 4; ++i) workers.push_back(std::make_unique<WorkingThread>(network, "w"));
  const Finished live = serve(config, network, progress);
  CHECK(live.result.updates == 400);
  const Account& account = live.result.account;
  CHECK(account.started == account.computed + account.cancelled + account.lost + account.in_flight);
  CHECK(account.computed == account.applied + account.dropped + account.held);
  const Finished replayed = replay(config, folder);
  CHECK(same_bits(live.state, replayed.state));
  CHECK(replayed.result.account.lost == account.lost);
}

TEST_CASE("each wait for a worker that is gone is told, under steady traffic too") {
  const TemporaryFolder folder;
  RunConfig config = cluster_run("k-sync(k=2)", folder);
  config.fleet.workers = 2;
  config.stop.updates = 1'000'000'000;
  InprocNetwork network;
  std::vector<std::unique_ptr<WorkingThread>> workers;
  for (int i = 0; i < 2; ++i) workers.push_back(std::make_unique<WorkingThread>(network, "w"));
  std::atomic<bool> interrupted{false};
  std::vector<std::string> waits;
  Progress progress;
  progress.interrupted = &interrupted;
  Version killed = 0;
  progress.report = [&](const std::string&, double fraction) {
    const auto version = static_cast<Version>(fraction * 1e9 + 0.5);
    // Not before ten updates after the last one has come.
    if (workers.size() < 2 || version < killed + 10) return;
    killed = version;
    if (waits.size() == 2) {
      interrupted = true;
    } else {
      workers.erase(workers.begin());
    }
  };
  progress.noted = [&](double, const std::string& text) {
    // Until the first have come, it waits for them.
    if (!text.starts_with("update ") || killed == 0) return;
    waits.push_back(text);
    workers.push_back(std::make_unique<WorkingThread>(network, "w"));
  };
  const Finished live = serve(config, network, progress);
  REQUIRE(waits.size() == 2);
  for (const std::string& text : waits) {
    CAPTURE(text);
    CHECK(text.find(": 1 of at least 2 gradients are there, nobody computes") != std::string::npos);
    CHECK(text.find("(down since ") != std::string::npos);
  }
  CHECK(waits[0] != waits[1]);
  CHECK(same_bits(live.state, replay(config, folder).state));
}

TEST_CASE("with shrink, K follows the workers that are there, as the log says, and replays") {
  const TemporaryFolder folder;
  RunConfig config = cluster_run("k-sync(k=3)", folder);
  config.fleet.workers = 3;
  config.fleet.on_shortage = "shrink";
  config.stop.updates = 1'000'000'000;
  InprocNetwork network;
  std::vector<std::unique_ptr<WorkingThread>> workers;
  for (int i = 0; i < 3; ++i) workers.push_back(std::make_unique<WorkingThread>(network, "w"));
  std::atomic<bool> interrupted{false};
  Progress progress;
  progress.interrupted = &interrupted;
  std::size_t came = 0, gone = 0;
  Version present = 0, turn = 0;
  progress.noted = [&](double, const std::string& text) {
    const bool up = text.find(") is up") != std::string::npos;
    const bool down = text.find(") is down") != std::string::npos;
    came += up ? 1 : 0;
    gone += down ? 1 : 0;
    if (up || down) turn = present;
  };
  progress.report = [&](const std::string&, double fraction) {
    present = static_cast<Version>(fraction * 1e9 + 0.5);
    if (present < turn + 10) return;
    if (came == 3 && gone == 0 && workers.size() == 3) workers.pop_back();
    if (gone == 1 && workers.size() == 2) {
      workers.push_back(std::make_unique<WorkingThread>(network, "w"));
    }
    if (came == 4) interrupted = true;
  };
  const Finished live = serve(config, network, progress);
  std::istringstream log(testing::read_file(config.log));
  std::vector<std::size_t> sizes;  // of the updates, each time that they change
  std::size_t there = 3;
  for (std::string line; std::getline(log, line);) {
    const auto record = nlohmann::json::parse(line);
    if (record.at("event") == "up") ++there;
    if (record.at("event") == "down") --there;
    if (record.at("event") != "update") continue;
    const std::size_t size = record.at("grads").size();
    CHECK(size == std::max<std::size_t>(there, 1));
    if (sizes.empty() || sizes.back() != size) sizes.push_back(size);
  }
  REQUIRE(sizes.size() >= 3);
  CHECK(std::vector(sizes.end() - 3, sizes.end()) == std::vector<std::size_t>{3, 2, 3});
  CHECK(same_bits(live.state, replay(config, folder).state));
}

TEST_CASE("a run on remote workers that ended, resumed with others, goes on and replays whole") {
  for (const char* policy : {"sync", "k-async(k=2)"}) {
    CAPTURE(policy);
    const TemporaryFolder folder;
    RunConfig config = cluster_run(policy, folder);
    config.checkpoint = (folder / "checkpoint").string();
    config.stop.updates = 12;
    for (const Version until : {12U, 25U}) {
      config.stop.updates = until;
      InprocNetwork network;
      std::vector<std::unique_ptr<WorkingThread>> workers;
      for (int i = 0; i < 4; ++i) workers.push_back(std::make_unique<WorkingThread>(network, "w"));
      const Finished part = serve(config, network);
      CHECK(part.result.updates == until);
      if (until == 25) {
        // The limit in the head of the log is that of the first part.
        RunConfig again = config;
        again.resume.clear();
        again.checkpoint.clear();
        again.stop.updates = 12;
        CHECK(same_bits(part.state, replay(again, folder).state));
      }
      config.resume = config.checkpoint;
    }
  }
}

TEST_CASE("a worker that comes when the run is over is told so by a server that waits for it") {
  const TemporaryFolder folder;
  RunConfig config = cluster_run("async", folder);
  config.fleet.workers = 2;
  InprocNetwork network;
  WorkingThread early(network, "early");
  std::unique_ptr<WorkingThread> late;
  {
    WayToWorkers way{network.server()};
    way.wait_for_late = 600;  // until both have been there: what is awaited comes
    TrainingRun<double> training(config, load_workload<double>(config.model),
                                 testing::timing_of(config), std::move(way));
    CHECK(training.run({}).updates == 25);
    late = std::make_unique<WorkingThread>(network, "late");
  }
  CHECK(early.ended(false) == "the run is over");
  CHECK(late->ended(false) == "the run is over");
}

/// What a server says to somebody who sends these bytes at once.
std::string answer_to(InprocNetwork& network, std::vector<std::byte> bytes) {
  const auto transport = network.connect("stranger");
  transport->send({std::move(bytes)});
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  try {
    while (auto incoming = transport->receive(deadline)) {
      if (incoming->kind != IncomingMessage::Kind::message) continue;
      std::span<const std::byte> body;
      const ServerSays says = decode_from_server(incoming->bytes, body);
      if (const auto* refusal = std::get_if<Refusal>(&says)) return refusal->reason;
      if (std::holds_alternative<Welcome>(says)) return "welcome";
    }
  } catch (const TransportError& error) {
    return error.what();
  }
  return "no answer";
}

TEST_CASE("strangers, old workers and broken messages are refused, and the run goes on") {
  const TemporaryFolder folder;
  RunConfig config = cluster_run("async", folder);
  config.fleet.workers = 2;
  config.stop.updates = 1'000'000'000;
  InprocNetwork network;
  std::atomic<bool> interrupted{false};
  Progress progress;
  progress.interrupted = &interrupted;
  std::thread server([&] { serve(config, network, progress); });
  CHECK(answer_to(network, {}).find("cut short") != std::string::npos);
  CHECK(answer_to(network, std::vector<std::byte>(100, std::byte{0x47})).find("unknown kind") !=
        std::string::npos);
  CHECK(answer_to(network, encode(WorkerSays(Hello{7, ""}))).find("version 7") !=
        std::string::npos);
  CHECK(answer_to(network, encode(WorkerSays(Hello{protocol_version, "guess"}))).find("token") !=
        std::string::npos);
  std::vector<std::byte> magic = encode(WorkerSays(Hello{}));
  magic[1] = std::byte{0};
  CHECK(answer_to(network, magic).find("no worker of Syncline") != std::string::npos);
  {
    WorkingThread one(network, "one"), two(network, "two"), three(network, "three");
    // Whoever came last is turned away while both seats are taken.
    const std::string first = answer_to(network, encode(WorkerSays(Hello{})));
    CHECK((first == "welcome" || first.find("all 2 workers") != std::string::npos));
  }
  interrupted = true;
  server.join();
}

TEST_CASE("messages of every kind, cut at every byte, are read back or refused, never more") {
  const auto check_worker = [](const WorkerSays& message) {
    const auto whole = encode(message);
    std::span<const std::byte> body;
    CHECK(encode(decode_from_worker(whole, body)) == whole);
    for (std::size_t length = 0; length < whole.size(); ++length) {
      const std::span<const std::byte> cut(whole.data(), length);
      CHECK_THROWS_AS(static_cast<void>(decode_from_worker(cut, body)), MalformedMessage);
    }
    std::vector<std::byte> longer = whole;
    longer.push_back(std::byte{1});
    if (!std::holds_alternative<Result>(message)) {
      CHECK_THROWS_AS(static_cast<void>(decode_from_worker(longer, body)), MalformedMessage);
    }
  };
  const auto check_server = [](const ServerSays& message) {
    const auto whole = encode(message);
    std::span<const std::byte> body;
    CHECK(encode(decode_from_server(whole, body)) == whole);
    for (std::size_t length = 0; length < whole.size(); ++length) {
      const std::span<const std::byte> cut(whole.data(), length);
      CHECK_THROWS_AS(static_cast<void>(decode_from_server(cut, body)), MalformedMessage);
    }
  };
  check_worker(Hello{protocol_version, "secret", 3, 18});
  check_worker(Ready{7, 3});
  check_worker(Heartbeat{4});
  check_worker(Result{3, 5, 40, 2, 0.5, true});
  check_worker(StepsDone{3, 9});
  check_worker(GivenUp{3, 9, 1, 4});
  check_server(Welcome{1, 2, 0.2, "{}", "a:1,b:2"});
  check_server(Refusal{"no"});
  Assignment assignment;
  assignment.job.job = 3;
  assignment.states = 1;
  check_server(assignment);
  check_server(CancelJob{4});
  check_server(StopJob{4});
  check_server(Goodbye{"bye"});
  check_server(Beat{});
}

}  // namespace
}  // namespace syncline
