#include <filesystem>
#include <fstream>
#include <memory>

#include <nlohmann/json.hpp>

#include "base/hostile_json.hpp"
#include "base/open_to_read.hpp"
#include "cli/check.hpp"
#include "cli/command.hpp"
#include "cli/run_training.hpp"
#include "syncline/options.hpp"
#include "syncline/train.hpp"

namespace syncline {
namespace {

constexpr const char* introduction = R"text(Example:
  syncline train --fleet threads --workers 4 --time 5 --log run.jsonl
  syncline replay run.jsonl --save-model model.safetensors

Repeats a run on a real fleet from its log: the same events in the same order, the gradients
computed anew, and so the same model bit for bit.)text";

struct ReplayFlags {
  std::string log, again, save_model, save;
  std::uint32_t threads = 0;
  std::uint16_t metrics_port = 0;
  std::string metrics_host = RunConfig().metrics_host;
  bool json = false;
};

/// The configuration in the head of a log.
nlohmann::ordered_json config_of(const std::string& path) {
  std::ifstream file = open_to_read(path, "the event log");
  std::string line;
  std::getline(file, line);
  const auto head = nests_too_deep(line) ? nlohmann::ordered_json()
                                         : nlohmann::ordered_json::parse(line, nullptr, false);
  if (!head.is_object() || !head.contains("config")) {
    throw DataError("'" + path + "' is no event log: its first line is not the record of a run");
  }
  return head.at("config");
}

ExitCode run_replay(const ReplayFlags& flags) {
  Settings settings = default_settings(Command::train);
  apply_json(settings, config_of(flags.log), "'" + flags.log + "'");
  RunConfig& config = settings.race.run;
  config.replay = flags.log;
  config.threads = flags.threads;
  config.metrics_port = flags.metrics_port;
  config.metrics_host = flags.metrics_host;
  config.log = flags.again;
  config.save_model = flags.save_model;
  settings.race.save = flags.save;
  for (const std::string& output : {config.log, config.save_model, flags.save}) {
    std::error_code none;
    if (!output.empty() && std::filesystem::equivalent(output, flags.log, none)) {
      throw ConfigError("'" + output + "' is the log that is replayed: it would be overwritten");
    }
  }
  check_settings(settings, Command::train);
  const ExitCode code = run_training(
      settings.race, flags.json, [&](const Progress& progress) { return train(config, progress); });
  // Whether the run was a success was said when it ran.
  return code == ExitCode::target_missed ? ExitCode::done : code;
}

}  // namespace

void add_replay(CLI::App& program, Job& job) {
  auto* app = program.add_subcommand("replay", "repeat a run on a real fleet from its log");
  app->description(introduction);
  auto flags = std::make_shared<ReplayFlags>();
  app->add_option("log", flags->log, "event log of the run")->type_name("FILE");
  app->add_option("--log", flags->again, "event log to write")->type_name("FILE");
  app->add_option("--save-model", flags->save_model, "final parameters, as safetensors")
      ->type_name("FILE");
  app->add_option("--save", flags->save, "result as JSON, input of `report`")->type_name("FILE");
  app->add_option("--threads", flags->threads, "compute threads; 0: one per core");
  app->add_option(
         "--metrics-port", flags->metrics_port,
         "port of this machine at which Prometheus and `top` can ask how it stands; 0: none")
      ->type_name("COUNT");
  app->add_option("--metrics-host", flags->metrics_host,
                  "address of this machine at which they can (default 127.0.0.1)")
      ->type_name("TEXT");
  app->add_flag("--json", flags->json, "print the result as one JSON object");
  app->callback([&job, flags] {
    job = [flags] {
      if (flags->log.empty()) throw ConfigError("replay needs a log; `syncline replay --help`");
      return run_replay(*flags);
    };
  });
}

}  // namespace syncline
