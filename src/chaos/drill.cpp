#include "chaos/drill.hpp"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <thread>

#include "chaos/drill_document.hpp"
#include "chaos/drill_lane.hpp"
#include "syncline/error.hpp"

namespace syncline {
namespace {

bool has(const std::vector<FaultKind>& kinds, FaultKind kind) {
  return std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
}

/// Updates that a killed server may lose; nullopt: all since its last checkpoint.
std::optional<std::uint64_t> promised_durability(const std::string& text) {
  if (text == "every-update") return 0;
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::string contents(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

bool server_comes_back(const FaultPlanSettings& plan) {
  static const std::size_t goodbye = find_protocol_message("goodbye");
  const auto& messages = plan.messages;
  return has(plan.kinds, FaultKind::server_kill) || has(plan.kinds, FaultKind::shard_kill) ||
         std::find(messages.begin(), messages.end(), goodbye) != messages.end();
}

/// The job of the disturbed run: files that nobody asked for lie in its folder.
Settings disturbed_job(const DrillSettings& settings, const std::filesystem::path& folder) {
  Settings job = settings.job;
  RunConfig& run = job.race.run;
  job.race.save.clear();                        // is the drill's
  run.metrics_host = RunConfig().metrics_host;  // it is the drill that asks, and it is here
  if (run.log.empty()) run.log = folder / "log.jsonl";
  if (run.save_model.empty()) run.save_model = folder / "model.safetensors";
  if (!server_comes_back(settings.plan)) return job;
  if (run.checkpoint.empty()) run.checkpoint = folder / "checkpoint";
  // Unless it was set, no server would live long enough to write one.
  if (run.checkpoint_every == RunConfig().checkpoint_every) run.checkpoint_every = 1;
  return job;
}

Settings undisturbed_job(const DrillSettings& settings, const std::filesystem::path& folder,
                         std::uint64_t number) {
  Settings job = settings.job;
  RunConfig& run = job.race.run;
  run.seed += number;
  run.log = folder / "log.jsonl";
  run.save_model = "";
  run.checkpoint = "";
  run.metrics_port = 0;  // of one server at a time
  job.race.save = "";
  job.race.report = "";
  return job;
}

DrillNetworkSettings network_settings(const DrillSettings& settings, bool disturbed) {
  DrillNetworkSettings network;
  network.workers = settings.job.race.run.fleet.workers;
  network.tls = settings.tls;
  network.scratch = settings.folder;
  if (!disturbed) return network;
  network.namespaces = settings.namespaces;
  if (!settings.plan.messages.empty()) {
    ++network.workers;  // the spare
    network.links = network.read_messages = true;
  }
  for (const FaultKind kind : settings.plan.kinds) {
    // Between namespaces it is the network itself that is parted.
    const bool by_proxy = kind != FaultKind::partition || !settings.namespaces;
    network.links = network.links || (row_of(kind).on_link && by_proxy);
  }
  return network;
}

/// The final losses of the undisturbed runs; nullopt if it was interrupted.
std::optional<std::vector<double>> undisturbed_losses(const DrillSettings& settings,
                                                      const DrillHooks& hooks) {
  std::vector<double> losses;
  static const std::vector<PlannedFault> no_faults;
  for (std::uint64_t first = 1; first <= settings.undisturbed; first += settings.at_once) {
    std::vector<std::unique_ptr<DrillLane>> lanes;
    std::vector<DrillRun*> runs;
    const auto end = std::min(settings.undisturbed + 1, first + settings.at_once);
    for (auto number = first; number < end; ++number) {
      const auto folder = settings.folder / ("undisturbed-" + std::to_string(number));
      lanes.push_back(std::make_unique<DrillLane>(
          settings, undisturbed_job(settings, folder, number), folder,
          network_settings(settings, false), no_faults, settings.watch, [](const MadeFault&) {}));
      runs.push_back(lanes.back()->run.get());
    }
    if (!finish(runs, hooks.interrupted)) return std::nullopt;
    for (const auto& lane : lanes) {
      const RunEnd& run = lane->run->end();
      if (!run.broken.empty())
        throw DataError("an undisturbed run did not end well: " + run.broken);
      const RunFindings found =
          find_in_run(lane->fleet->folder() / "server.out", lane->fleet->job().race.run.log);
      if (!found.final_loss) {
        throw DataError("an undisturbed run has no final loss: its outcome is " + found.outcome);
      }
      losses.push_back(*found.final_loss);
      char line[100];
      std::snprintf(line, sizeof line, "undisturbed run %zu of %llu: final loss %.6g after %.0f s",
                    losses.size(), static_cast<unsigned long long>(settings.undisturbed),
                    losses.back(), run.seconds);
      hooks.say(line);
    }
  }
  return losses;
}

/// Whether the log, replayed, gives the model that the run has saved; nullopt if it was
/// interrupted.
std::optional<bool> replays(const DrillSettings& settings, const DrillFleet& fleet,
                            const DrillHooks& hooks) {
  const RunConfig& run = fleet.job().race.run;
  const auto again = fleet.folder() / "replayed.safetensors";
  ChildProcess replay({{settings.program, "replay", run.log, "--save-model", again, "--json"},
                       fleet.folder() / "replay.out",
                       fleet.folder() / "replay.err"});
  while (!replay.end()) {
    if (hooks.interrupted) return std::nullopt;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  if (replay.end()->status != 0) {
    hooks.say("the replay failed: " + fleet.last_words("replay"));
    return false;
  }
  const std::string model = contents(run.save_model);
  return !model.empty() && contents(again) == model;
}

std::string said_of(const MadeFault& made) {
  char time[32];
  std::snprintf(time, sizeof time, "%8.2f s  ", made.time);
  const bool of_worker = row_of(made.planned.kind).target == FaultTarget::worker;
  const std::string as = made.seat == DrillFleet::nobody
                             ? " (takes no part just then)"
                             : " (worker " + std::to_string(made.seat) + ")";
  return time + describe(made.planned) + (of_worker ? as : "");
}

}  // namespace

void check_drill(const DrillSettings& settings) {
  const RunConfig& run = settings.job.race.run;
  if (!run.resume.empty()) throw ConfigError("--resume: a drill begins anew; leave it out");
  if (run.fleet.kind != "virtual" && run.fleet.kind != "grpc") {
    throw ConfigError("a drill has a fleet of its own, not '" + run.fleet.kind +
                      "': leave --fleet out");
  }
  if (settings.undisturbed != 0 && (settings.undisturbed < 5 || settings.undisturbed > 1000)) {
    throw ConfigError("--baseline-seeds must be from 5 to 1000, or 0 for none: fewer make no band");
  }
  if (settings.at_once < 1 || settings.at_once > 64) {
    throw ConfigError("--at-once must be from 1 to 64");
  }
  if (!(settings.watch.watchdog >= 1 && settings.watch.watchdog <= 1e6)) {
    throw ConfigError("--watchdog must be a number of seconds from 1 to 1e6");
  }
  if (settings.watch.end_after_faults && settings.undisturbed > 0) {
    throw ConfigError(
        "--end-after-faults ends the run where no undisturbed one would end, so that their losses "
        "say nothing: leave --baseline-seeds out");
  }
  if (settings.shards > 64) throw ConfigError("--shards must be from 0 to 64");
  if (settings.shards > 0 && settings.namespaces) {
    throw ConfigError("--namespaces: workers there know shards by no address; leave --shards out");
  }
  static_cast<void>(make_fault_plan(settings.plan));
}

DrillResult drill(const DrillSettings& settings, const DrillHooks& hooks) {
  check_drill(settings);
  const auto plan = make_fault_plan(settings.plan);
  DrillResult result;
  DrillEvidence evidence;
  auto losses = undisturbed_losses(settings, hooks);
  if (!losses) {
    result.interrupted = true;
    return result;
  }
  evidence.undisturbed = std::move(*losses);

  const auto folder = settings.folder / "disturbed";
  DrillLane lane(settings, disturbed_job(settings, folder), folder,
                 network_settings(settings, true), plan, settings.watch,
                 [&](const MadeFault& made) { hooks.say(said_of(made)); });
  if (!finish({lane.run.get()}, hooks.interrupted)) {
    result.interrupted = true;
    return result;
  }
  evidence.end = &lane.run->end();
  evidence.made = lane.run->faults().made();
  evidence.notices = lane.run->faults().notices().notices();
  evidence.restarts = lane.run->faults().server().restarts();
  evidence.pauses = lane.run->faults().server().pauses();
  evidence.shard_deaths = lane.run->faults().server().shard_deaths();
  if (const auto& steps = lane.run->steps()) {
    evidence.steps = StepEvidence{plan, steps->given_up(), lane.network.links().passed()};
  }
  evidence.strangers = lane.strangers->counts();
  evidence.planned = plan.size();
  evidence.kills_wanted = settings.plan.kills > 0;
  evidence.integrity = settings.tls || lane.network.flipped() == 0;
  evidence.durability = promised_durability(lane.fleet->job().race.run.durability);
  const std::string& log = lane.fleet->job().race.run.log;
  try {
    evidence.findings = find_in_run(folder / "server.out", log);
    hooks.say("the run is over; its log is replayed");
    evidence.replays = replays(settings, *lane.fleet, hooks);
    if (!evidence.replays) {
      result.interrupted = true;
      return result;
    }
  } catch (const DataError& error) {
    evidence.no_findings = error.what();
  }
  result.verdict = judge(evidence);
  result.document = drill_document(settings.job, evidence);
  return result;
}

}  // namespace syncline
