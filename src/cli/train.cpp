#include "syncline/train.hpp"

#include <memory>

#include <nlohmann/json.hpp>

#include "cli/check.hpp"
#include "cli/command.hpp"
#include "cli/console.hpp"
#include "cli/evaluation_lines.hpp"
#include "cli/program.hpp"
#include "cli/progress_line.hpp"
#include "cli/settings_flags.hpp"
#include "cli/write_document.hpp"
#include "syncline/decentralised.hpp"
#include "syncline/report.hpp"

namespace syncline {
namespace {

constexpr const char* introduction = R"text(Example:
  syncline train --model softmax --data fashion-mnist --policy "k-async(k=4)" --time 100

Trains one model under one policy on the virtual fleet: real gradients, simulated time, bit for bit
the same on any number of cores.)text";

void check_outputs(const RaceConfig& config) {
  check_output("--log", config.run.log);
  check_output("--checkpoint", config.run.checkpoint);
  check_output("--save-model", config.run.save_model);
  check_output("--save", config.save);
  check_output("--report", config.report);
}

/// Adaptive policies: one line for each change of K, and why.
std::string changes_of_k(const nlohmann::ordered_json& document) {
  std::string text;
  for (const auto& change : document.at("settings").at(0).at("policies").at(0).at("k_changes")) {
    text += "  " + change.at("text").get<std::string>() + "\n";
  }
  return text.empty() ? text : "\n" + text;
}

ExitCode run_train(const RaceConfig& config, bool json) {
  check_outputs(config);
  nlohmann::ordered_json document;
  {
    ProgressLine line;
    Progress hooks = line.hooks();
    EvaluationLines lines(line);
    if (!json) {
      hooks.evaluated = [&](const Evaluated& evaluated) { lines.show(evaluated); };
      hooks.noted = [&](double time, const std::string& text) { lines.note(time, text); };
    }
    document = is_node_method(config.run.policy) ? train_decentralised(config.run, hooks)
                                                 : train(config.run, hooks);
  }
  document["command"] = command_line();
  if (!config.save.empty()) write_document(config.save, document);
  if (!config.report.empty()) write_report(config.report, document);
  print(json ? document.dump() + "\n"
             : render_table(document, stdout_has_colour()) + changes_of_k(document));

  const std::string outcome = document.at("outcome");
  if (outcome == "interrupted") return ExitCode::interrupted;
  const bool missed = config.run.stop.target > 0 && !document.at("target_reached").get<bool>();
  return missed || outcome == "diverged" ? ExitCode::target_missed : ExitCode::done;
}

}  // namespace

void add_train(CLI::App& program, Job& job) {
  auto* app = program.add_subcommand("train", "train one model under one policy");
  app->description(introduction);
  app->allow_extras();
  auto flags = std::make_shared<SettingsFlags>(*app, Command::train);
  auto json = std::make_shared<bool>(false);
  app->add_flag("--json", *json, "print the result as one JSON object");
  app->callback([&job, flags, json] {
    job = [flags, json] {
      const Settings settings = flags->resolve(default_settings(Command::train));
      check_settings(settings, Command::train);
      if (flags->dry_run()) {
        print(to_toml(settings, Command::train));
        return ExitCode::done;
      }
      return run_train(settings.race, *json);
    };
  });
}

}  // namespace syncline
