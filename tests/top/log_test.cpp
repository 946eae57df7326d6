// Pictures of real runs from their logs, against what the runs themselves have counted.

#include <fstream>

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "fleet/training_support.hpp"
#include "support/policy_samples.hpp"
#include "support/temporary_folder.hpp"
#include "syncline/error.hpp"
#include "syncline/simulate.hpp"
#include "top/log_watch.hpp"
#include "top/pictures.hpp"
#include "top/repeated_run.hpp"

namespace syncline {
namespace {

using testing::cell;
using testing::header_line;
using testing::short_run;
using testing::TemporaryFolder;
using testing::tiny_workload;
using State = WorkerPicture::State;

RunConfig virtual_run(const std::string& policy, const TemporaryFolder& folder) {
  RunConfig config = short_run(policy);
  config.log = (folder / "log").string();
  return config;
}

RunConfig threads_run(const std::string& policy, const TemporaryFolder& folder) {
  RunConfig config = virtual_run(policy, folder);
  config.fleet.kind = "threads";
  config.fleet.inject_delay = "exponential(rate=2000)";
  config.stop.updates = 25;
  config.stop.evaluate_every = 0.01;
  return config;
}

RunResult train(const RunConfig& config) {
  static const auto workload = tiny_workload<float>("softmax(lambda=0.01)");
  return testing::run<float>(config, workload).result;
}

std::vector<nlohmann::ordered_json> records_of(const std::string& log) {
  bool restarted = false;
  return LogTail(log).more(restarted);
}

/// The run repeated on time alone, to the end of its log.
RunPicture repeated(const std::string& log) {
  const auto records = records_of(log);
  Settings settings = default_settings(Command::train);
  apply_json(settings, records.front().at("config"), "the log");
  RepeatedRun run(settings);
  for (std::size_t i = 1; i < records.size(); ++i) run.take(records[i]);
  return run.picture();
}

bool looks_at_gradients(const std::string& policy) {
  PolicyContext context;
  context.workers = 6;
  context.runtimes = [](const std::string&, std::uint64_t k_max) {
    return std::vector<double>(k_max, 1.0);
  };
  return make_policy(policy, context)->requirements().observables.any();
}

void check_account(const Account& one, const Account& other) {
  CHECK(one.started == other.started);
  CHECK(one.computed == other.computed);
  CHECK(one.applied == other.applied);
  CHECK(one.dropped == other.dropped);
  CHECK(one.held == other.held);
  CHECK(one.cancelled == other.cancelled);
  CHECK(one.in_flight == other.in_flight);
  CHECK(one.lost == other.lost);
}

void check_counts(const RunPicture& picture, const RunResult& result) {
  CHECK(picture.version == result.updates);
  CHECK(picture.staleness.total() == result.staleness.total());
  CHECK(picture.staleness.sum == result.staleness.sum());
  CHECK(picture.staleness.largest == result.staleness.largest());
  REQUIRE(picture.workers.size() == result.contributions.size());
  for (std::size_t i = 0; i < result.contributions.size(); ++i) {
    CHECK(picture.workers[i].contributed == result.contributions[i]);
  }
}

/// A worker is busy with one job, parked, or down, in the picture as in the account.
void check_states(const RunPicture& picture) {
  std::uint64_t computing = 0;
  for (const WorkerPicture& worker : picture.workers) {
    CHECK(worker.state != State::unknown);
    computing += worker.state == State::computing ? 1 : 0;
  }
  CHECK(computing == picture.account.in_flight);
}

void check_log(const RunConfig& config, const RunResult& result) {
  LogWatch watch(config.log);
  const RunPicture picture = watch.look();
  CHECK(picture.policy == config.policy);
  CHECK(picture.fleet == config.fleet.kind);
  CHECK(picture.outcome == "finished");
  CHECK(picture.evaluations == result.points.size());
  CHECK(picture.metrics.test_loss == result.points.back().metrics.test_loss);
  check_account(picture.account, result.account);
  if (looks_at_gradients(config.policy)) {
    CHECK(watch.shortcoming().find("looks at gradients") != std::string::npos);
    CHECK(picture.version == result.updates);
    return;
  }
  CHECK(watch.shortcoming() == "");
  check_counts(picture, result);
  const RunPicture again = repeated(config.log);
  check_account(again.account, result.account);
  check_states(again);
}

TEST_CASE("logs of runs in virtual time, every policy: what the run itself has counted") {
  for (const std::string& policy : testing::sample_policies()) {
    CAPTURE(policy);
    const TemporaryFolder folder;
    const RunConfig config = virtual_run(policy, folder);
    check_log(config, train(config));
  }
}

TEST_CASE("logs of runs on threads, every policy: what the run itself has counted") {
  for (const std::string& policy : testing::sample_policies()) {
    CAPTURE(policy);
    const TemporaryFolder folder;
    const RunConfig config = threads_run(policy, folder);
    check_log(config, train(config));
  }
}

TEST_CASE("the log of a virtual run whose workers die and return") {
  const TemporaryFolder folder;
  RunConfig config = virtual_run("k-sync(k=3)", folder);
  config.fleet.lifetime = "exponential(rate=0.1)";
  config.fleet.absence = "exponential(rate=0.5)";
  const RunResult result = train(config);
  CHECK(result.account.lost > 0);
  check_log(config, result);
}

TEST_CASE("the log of a simulation") {
  const TemporaryFolder folder;
  SimulationConfig config;
  config.policy = "ssp(slack=1)";
  config.updates = 500;
  config.log = (folder / "log").string();
  const auto result = simulate(config, {});
  LogWatch watch(config.log);
  const RunPicture picture = watch.look();
  CHECK(watch.shortcoming() == "");
  CHECK(picture.version == 500);
  CHECK(picture.evaluations == 0);
  check_account(repeated(config.log).account, picture.account);
  CHECK(picture.account.started == result.at("gradients").at("started"));
}

TEST_CASE("what the log doesn't tell: messages of unknown size, and a log that was changed") {
  const TemporaryFolder folder;
  RunConfig config = virtual_run("k-async(k=2)", folder);
  config.fleet.bandwidth = 1e4;
  RunResult result = train(config);
  {
    LogWatch watch(config.log);
    const RunPicture picture = watch.look();
    CHECK(watch.shortcoming().find("sizes of its messages") != std::string::npos);
    check_counts(picture, result);
    CHECK(picture.workers[0].state == State::unknown);
    CHECK(header_line(make_frame(picture, "worker"), "workers:") == "6 workers: 6 up, 0 down");
  }
  // Another seed stands in its head than the one that it was made with.
  config.fleet.bandwidth = 0;
  result = train(config);
  std::string text;
  {
    std::ifstream file(config.log);
    text.assign(std::istreambuf_iterator<char>(file), {});
  }
  const auto at = text.find("\"seed\":7");
  REQUIRE(at != std::string::npos);
  text[at + 7] = '8';
  LogWatch watch(folder.write("changed", text));
  const RunPicture picture = watch.look();
  CHECK(watch.shortcoming().find("another update") != std::string::npos);
  check_counts(picture, result);
}

bool alike(const WorkerPicture& one, const WorkerPicture& other) {
  const auto same = [](double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); };
  return one.state == other.state && one.since == other.since && one.read == other.read &&
         one.steps == other.steps && one.unfinished == other.unfinished &&
         one.step_time == other.step_time && same(one.median, other.median) &&
         same(one.p95, other.p95) && one.contributed == other.contributed;
}

TEST_CASE("a log that grows, cut anywhere, is followed; looked at at once, it says the same") {
  const TemporaryFolder folder;
  RunConfig config = threads_run("k-sync(k=4)", folder);
  config.stop.evaluate_every = 1;  // on a slow machine they would be most of the log
  train(config);
  std::ifstream file(config.log, std::ios::binary);
  const std::string whole{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  const std::size_t head = whole.find('\n') + 1;
  CHECK(rc::check("cut anywhere", [&] {
    const std::string path = folder.write("growing", whole.substr(0, head));
    LogWatch following(path);
    std::size_t length = head;
    while (length < whole.size()) {
      length = std::min(whole.size(), length + *rc::gen::inRange<std::size_t>(1, whole.size() / 3));
      static_cast<void>(folder.write("growing", whole.substr(0, length)));
      LogWatch at_once(path);
      const RunPicture one = following.look(), other = at_once.look();
      RC_ASSERT(one.version == other.version);
      RC_ASSERT(one.time == other.time);
      for (std::size_t i = 0; i < 6; ++i) RC_ASSERT(alike(one.workers[i], other.workers[i]));
      RC_ASSERT(one.outcome == other.outcome);
    }
    RC_ASSERT(following.look().outcome == "finished");
  }));
}

TEST_CASE("a log that was cut back, as a resumed run does, is read anew") {
  const TemporaryFolder folder;
  const RunConfig config = threads_run("async", folder);
  train(config);
  std::ifstream file(config.log, std::ios::binary);
  const std::string whole{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  const std::string path = folder.write("log2", whole);
  LogWatch watch(path);
  CHECK(watch.look().outcome == "finished");
  std::filesystem::resize_file(path, whole.size() / 2);
  const RunPicture back = watch.look();
  CHECK(back.outcome == "");
  CHECK(back.version < 25);
  std::ofstream(path, std::ios::binary) << whole;
  CHECK(watch.look().version == 25);
}

TEST_CASE("between two updates of k-sync: who is done waits, and the view says for how many more") {
  const TemporaryFolder folder;
  const RunConfig config = threads_run("k-sync(k=4)", folder);
  train(config);
  // Up to the second arrival after the tenth update.
  std::ofstream part(folder / "part");
  int updates = 0, arrivals = 0;
  WorkerId last = 0;
  for (const auto& record : records_of(config.log)) {
    const std::string event = record.at("event");
    updates += event == "update" ? 1 : 0;
    if (updates == 10 && event == "arrive") last = record.at("worker"), ++arrivals;
    part << record.dump() << '\n';
    if (arrivals == 2) break;
  }
  part.close();
  LogWatch watch(folder / "part");
  const RunPicture picture = watch.look();
  CHECK(picture.version == 10);
  CHECK(picture.account.held == 2);
  const RunFrame frame = make_frame(picture, "worker");
  CHECK(header_line(frame, "workers:") == "6 workers: 4 computing, 2 parked, 0 down");
  CHECK(header_line(frame, "next step").find("2 of 4 gradients are there") != std::string::npos);
  CHECK(cell(frame, std::to_string(last), "state") == "parked");
  CHECK(cell(frame, std::to_string(last), "since") == "0");
  CHECK(cell(frame, std::to_string(last), "waits") == "for 2 more of 4");
}

TEST_CASE("what is no event log is refused with its path and line") {
  const TemporaryFolder folder;
  CHECK_THROWS_AS(LogWatch(folder / "missing"), DataError);
  for (const char* text :
       {"", "{\"event\":\"run\"", "hello\n", "[]\n", "{\"event\":\"update\"}\n",
        "{\"event\":\"run\",\"schema\":2,\"config\":{}}\n", "{\"event\":\"run\",\"schema\":1}\n",
        "{\"event\":\"run\",\"schema\":1,\"config\":{\"run\":{\"policy\":\"nonsense\"}}}\n",
        "{\"event\":\"run\",\"schema\":1,\"config\":{}}\n{\"event\":\"update\"}\n",
        "{\"event\":\"run\",\"schema\":1,\"config\":{}}\n{\"event\":\"update\",\"update\":-1}\n",
        "{\"event\":\"run\",\"schema\":1,\"config\":{}}\nhalf\nanother\n"}) {
    CAPTURE(text);
    LogWatch watch(folder.write("wrong", std::string(text)));
    CHECK_THROWS_AS(static_cast<void>(watch.look()), DataError);
  }
}

}  // namespace
}  // namespace syncline
