// Event logs, as `report` and `fit` read them.

#include <numeric>

#include <nlohmann/json.hpp>

#include "fit_of.hpp"
#include "input_file.hpp"
#include "report/check_document.hpp"
#include "syncline/error.hpp"
#include "syncline/simulate.hpp"
#include "syncline/trace.hpp"
#include "targets/entries.hpp"
#include "trace/log_reader.hpp"

namespace syncline::fuzz {
namespace {

void check(const std::filesystem::path& path) {
  const LoggedRun run = read_log(path);
  const RunResult& result = run.result;
  promise(result.workers > 0 && result.contributions.size() == result.workers,
          "contributions of each worker");
  promise(std::accumulate(result.contributions.begin(), result.contributions.end(),
                          std::uint64_t{0}) == result.staleness.total(),
          "each gradient used is one worker's");
  for (const TimelineSpan& span : result.timeline.spans) {
    promise(span.worker < result.timeline.workers && span.begin < span.end, "spans of a timeline");
  }
  const auto document = document_from_log(path);
  try {
    check_document(document);
  } catch (const Error& error) {
    throw BrokenPromise("a log makes a document that can be drawn: " + std::string(error.what()));
  }
}

void take(std::string_view input) {
  bool fitted = true;
  try {
    take_timings(input);
  } catch (const Error&) {
    fitted = false;
  }
  try {
    read_as_file(input, check);
  } catch (const Error&) {
    if (!fitted) throw;
  }
}

std::vector<std::string> seeds() {
  std::vector<std::string> logs;
  for (const char* policy : {"k-async(k=2)", "k-sync(k=2)", "k-batch-async(k=2)"}) {
    SimulationConfig config;
    config.policy = policy;
    config.fleet.workers = 3;
    config.updates = 5;
    config.include_startup = true;
    config.log = (own_folder() / "log.jsonl").string();
    static_cast<void>(simulate(config, {}));
    logs.push_back(testing::read_file(config.log));
  }
  // Records that only training writes.
  logs.push_back(
      R"({"event":"run","schema":1,"version":"0.1.0","config":{"run":{"policy":"async","seed":1},)"
      R"("fleet":{"workers":2},"optimizer":{"step_size":0.1},)"
      R"("stop":{"metric":"test_error","target":0.5,"evaluate_every":1.0}}})"
      "\n"
      R"({"event":"evaluation","time":0.0,"update":0,"gradients":0,"compute":0.0,)"
      R"("test_error":0.9,"test_loss":2.3,"train_loss":2.3,"train_error":null})"
      "\n"
      R"({"event":"set","time":0.5,"name":"k","value":2.0})"
      "\n"
      R"({"event":"note","time":0.5,"text":"a note"})"
      "\n"
      R"({"event":"update","update":1,"time":1.5,"grads":[{"worker":1,"read":0,"staleness":0,)"
      R"("start":0.0,"push":1.5}],"idle":{"0":0.5},"cancelled":{"0":0.25}})"
      "\n"
      R"({"event":"end","outcome":"target","updates":1,"time":1.5,"gradients":{"started":3,)"
      R"("computed":1,"applied":1,"dropped":0,"held":0,"cancelled":1,"in_flight":1,"lost":0},)"
      R"("final":{"test_error":0.4,"test_loss":1.0,"train_loss":1.0}})"
      "\n");
  return logs;
}

}  // namespace

const Target log_target{"log", "an event log, for report and fit", take, seeds};

}  // namespace syncline::fuzz
