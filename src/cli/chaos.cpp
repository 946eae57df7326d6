#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <optional>

#include "chaos/child_process.hpp"
#include "chaos/drill.hpp"
#include "cli/check.hpp"
#include "cli/command.hpp"
#include "cli/console.hpp"
#include "cli/interrupt.hpp"
#include "cli/program.hpp"
#include "cli/settings_flags.hpp"
#include "cli/write_document.hpp"
#include "syncline/decentralised.hpp"

namespace syncline {
namespace {

constexpr const char* introduction = R"text(Example:
  syncline chaos --workers 4 --model "quadratic(dimension=50)" --policy "k-async(k=2)" \
      --step-size 0.01 --inject-delay "exponential(rate=100)" --updates 2000 --kills 10

Trains on a real `serve` and real `work` processes on this machine, kills, stops, delays and parts
them at random times drawn from the seed, or at each step of their protocol, and checks at the end
what is promised (docs/chaos.md).
Exit status 0: all was kept.)text";

/// Updates of a run that something else ends.
constexpr std::uint64_t more_than_ever = 1'000'000'000'000;

using Names = std::vector<std::string>;

struct ChaosFlags {
  Names faults;
  Names at = {"times"};
  std::string folder;
  FaultPlanSettings plan;
  std::optional<std::uint64_t> baseline_seeds;
  std::uint64_t at_once = 1;
  std::uint32_t shards = 0;
  DrillRunSettings watch;
  bool tls = false, namespaces = false, json = false;

  void add_to(CLI::App& app);
};

void ChaosFlags::add_to(CLI::App& app) {
  std::string kinds;
  for (const FaultRow& row : fault_rows()) {
    kinds += std::string(kinds.empty() ? "" : "; ") + row.name + ": " + row.description;
  }
  app.add_option("--faults", faults, kinds)->type_name("LIST")->delimiter(',');
  app.add_option("--at", at,
                 "when: at random `times` (default), at all `steps` of the protocol, or at some of "
                 "its messages (hello, result, goodbye, ...)")
      ->type_name("times|steps|LIST")
      ->delimiter(',');
  app.add_option("--rounds", plan.rounds,
                 "at steps: so often each fault at each of them (default 1)")
      ->type_name("COUNT");
  app.add_option("--rate", plan.rate, "faults per second (default 1)")->type_name("NUMBER");
  app.add_option("--kills", plan.kills,
                 "the faults end with so many kills of workers; else with --time")
      ->type_name("COUNT");
  app.add_option(
         "--baseline-seeds", baseline_seeds,
         "undisturbed runs first, which say where the final loss should lie (default 5); 0: "
         "none")
      ->type_name("COUNT");
  app.add_option("--at-once", at_once, "so many of these run at the same time (default 1)")
      ->type_name("COUNT");
  app.add_option("--watchdog", watch.watchdog,
                 "seconds without news in the log after which a run hangs (default 120)")
      ->type_name("SECONDS");
  app.add_flag(
      "--end-after-faults", watch.end_after_faults,
      "the server is told to end once all faults were made and mended; no undisturbed runs");
  app.add_option("--shards", shards,
                 "so many `shard` processes hold the parameters (default 0: the server does)")
      ->type_name("COUNT");
  app.add_flag("--tls", tls, "mutual TLS between server and workers");
  app.add_flag("--namespaces", namespaces,
               "each process in a network namespace of its own; needs root");
  app.add_option("--folder", folder,
                 "keep the files of all runs there; default: only those of a drill that failed")
      ->type_name("DIR");
  app.add_flag("--json", json, "print the result as one JSON object");
}

/// Where a drill puts its files; removed at the end unless somebody wants them.
class DrillFolder {
 public:
  explicit DrillFolder(const std::string& wanted) : kept_(!wanted.empty()) {
    if (kept_) {
      std::filesystem::create_directories(wanted);
      path_ = std::filesystem::absolute(wanted);
      return;
    }
    std::string pattern = std::filesystem::temp_directory_path() / "syncline-chaos-XXXXXX";
    if (mkdtemp(pattern.data()) == nullptr) throw DataError("can't make a folder like " + pattern);
    path_ = pattern;
  }
  ~DrillFolder() {
    std::error_code ignored;
    if (!kept_) std::filesystem::remove_all(path_, ignored);
  }
  DrillFolder(const DrillFolder&) = delete;
  DrillFolder& operator=(const DrillFolder&) = delete;

  void keep() { kept_ = true; }
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
  bool kept_;
};

void print_plan(const DrillSettings& settings) {
  std::string text;
  for (const PlannedFault& fault : make_fault_plan(settings.plan)) {
    char time[32] = "";
    if (!fault.step) std::snprintf(time, sizeof time, "%8.2f s  ", fault.time);
    text += time + describe(fault) + "\n";
  }
  print(text);
}

void print_verdict(const DrillResult& result) {
  static constexpr const char* words[] = {"kept", "BROKEN", "not judged"};
  std::string text;
  for (const PromiseFound& row : result.verdict) {
    char word[16];
    std::snprintf(word, sizeof word, "%-12s", words[static_cast<int>(row.judgement)]);
    text += word + row.promise + "\n" + std::string(12, ' ') + row.found + "\n";
  }
  print(text);
}

/// The messages of `--at`; none: times.
std::vector<std::size_t> steps_of(const Names& at) {
  std::vector<std::size_t> steps;
  if (at == Names{"times"}) return steps;
  for (std::size_t step = 0; step < protocol_message_count; ++step) {
    if (at == Names{"steps"}) steps.push_back(step);
  }
  if (!steps.empty()) return steps;
  for (const std::string& name : at) {
    const std::size_t step = find_protocol_message(name);
    if (std::find(steps.begin(), steps.end(), step) == steps.end()) steps.push_back(step);
  }
  return steps;
}

Names fault_names(const ChaosFlags& flags, bool at_steps) {
  if (!flags.faults.empty()) return flags.faults;
  if (!at_steps) return {"kill", "stop", "delay", "partition", "cut", "stranger"};
  return {"kill", "stop", "delay", "partition", "cut", "server-kill", "server-stop", "server-hang"};
}

DrillSettings drill_settings(Settings job, const ChaosFlags& flags) {
  StopConfig& stop = job.race.run.stop;
  DrillSettings settings;
  settings.plan = flags.plan;
  settings.plan.messages = steps_of(flags.at);
  const bool at_steps = !settings.plan.messages.empty();
  settings.watch = flags.watch;
  // Nobody knows how long it takes until all messages have come.
  settings.watch.end_after_faults = flags.watch.end_after_faults || at_steps;
  if (settings.watch.end_after_faults && stop.updates == 0 && stop.time == 0) {
    stop.updates = more_than_ever;
  }
  check_settings(job, Command::train);
  if (is_node_method(job.race.run.policy)) {
    throw ConfigError("'" + job.race.run.policy + "' has no server and no workers to kill");
  }
  for (const std::string& name : fault_names(flags, at_steps)) {
    const FaultKind kind = find_fault_kind(name);
    auto& kinds = settings.plan.kinds;
    if (std::find(kinds.begin(), kinds.end(), kind) == kinds.end()) kinds.push_back(kind);
  }
  settings.plan.seed = job.race.run.seed;
  settings.plan.workers = job.race.run.fleet.workers;
  settings.plan.length = job.race.run.stop.time;
  settings.plan.tls = flags.tls;
  settings.plan.shards = settings.shards = flags.shards;
  settings.undisturbed = flags.baseline_seeds.value_or(settings.watch.end_after_faults ? 0 : 5);
  settings.at_once = flags.at_once;
  settings.tls = flags.tls;
  settings.namespaces = flags.namespaces;
  settings.job = std::move(job);
  check_drill(settings);
  return settings;
}

ExitCode run_chaos(DrillSettings settings, const ChaosFlags& flags) {
  const std::string save = settings.job.race.save;
  const RunConfig& run = settings.job.race.run;
  check_output("--save", save);
  check_output("--log", run.log);
  check_output("--save-model", run.save_model);
  DrillFolder folder(flags.folder);
  settings.folder = folder.path();
  settings.program = own_program();
  const auto& interrupted = watch_interrupts();
  DrillResult result =
      drill(settings, {[](const std::string& text) { print_note(text); }, interrupted});
  if (result.interrupted) {
    print_note("interrupted; all processes of the drill are gone");
    return ExitCode::interrupted;
  }
  result.document["command"] = command_line();
  if (!save.empty()) write_document(save, result.document);
  if (flags.json) {
    print(result.document.dump() + "\n");
  } else {
    print_verdict(result);
  }
  if (all_kept(result.verdict)) return ExitCode::done;
  folder.keep();
  print_note("the files of all runs are in " + folder.path().string());
  return ExitCode::target_missed;
}

}  // namespace

void add_chaos(CLI::App& program, Job& job) {
  auto* app =
      program.add_subcommand("chaos", "does training survive kills, partitions, strangers?");
  app->description(introduction);
  app->allow_extras();
  auto flags = std::make_shared<ChaosFlags>();
  flags->add_to(*app);
  auto settings_flags = std::make_shared<SettingsFlags>(*app, Command::train);
  app->callback([&job, flags, settings_flags] {
    job = [flags, settings_flags] {
      const DrillSettings settings =
          drill_settings(settings_flags->resolve(default_settings(Command::train)), *flags);
      if (settings_flags->dry_run()) {
        print_plan(settings);
        return ExitCode::done;
      }
      return run_chaos(settings, *flags);
    };
  });
}

}  // namespace syncline
