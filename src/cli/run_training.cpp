#include "cli/run_training.hpp"

#include <cstdio>

#include <nlohmann/json.hpp>

#include "cli/check.hpp"
#include "cli/console.hpp"
#include "cli/evaluation_lines.hpp"
#include "cli/program.hpp"
#include "cli/progress_line.hpp"
#include "cli/write_document.hpp"
#include "syncline/report.hpp"

namespace syncline {
namespace {

void check_outputs(const RaceConfig& config) {
  check_output("--log", config.run.log);
  check_output_folder("--checkpoint", config.run.checkpoint);
  check_output("--save-model", config.run.save_model);
  check_output("--save", config.save);
  check_output("--report", config.report);
}

std::string time_text(double time, bool seconds) {
  char text[32];
  std::snprintf(text, sizeof text, seconds ? "%.6g s" : "%.6g", time);
  return text;
}

/// Adaptive policies: one line for each change of K, and why.
std::string changes_of_k(const nlohmann::ordered_json& document) {
  std::string text;
  for (const auto& change : document.at("settings").at(0).at("policies").at(0).at("k_changes")) {
    text += "  " + change.at("text").get<std::string>() + "\n";
  }
  return text.empty() ? text : "\n" + text;
}

}  // namespace

ExitCode run_training(const RaceConfig& config, bool json,
                      const std::function<nlohmann::ordered_json(const Progress&)>& train) {
  check_outputs(config);
  nlohmann::ordered_json document;
  {
    ProgressLine line;
    Progress hooks = line.hooks();
    EvaluationLines lines(line);
    if (json) {
      const bool seconds = config.run.fleet.kind != "virtual";
      hooks.noted = [&line, seconds](double time, const std::string& text) {
        line.wipe();
        print_note(text + " (at " + time_text(time, seconds) + ")");
      };
    } else {
      hooks.evaluated = [&](const Evaluated& evaluated) { lines.show(evaluated); };
      hooks.noted = [&](double time, const std::string& text) { lines.note(time, text); };
    }
    document = train(hooks);
  }
  document["command"] = command_line();
  if (!config.save.empty()) write_document(config.save, document);
  if (!config.report.empty()) write_report(config.report, document);
  print(json ? document.dump() + "\n"
             : render_table(document, stdout_has_colour()) + changes_of_k(document));

  if (document.contains("log_error")) throw DataError(document.at("log_error"));
  const std::string outcome = document.at("outcome");
  if (outcome == "interrupted") return ExitCode::interrupted;
  const bool missed = config.run.stop.target > 0 && !document.at("target_reached").get<bool>();
  return missed || outcome == "diverged" ? ExitCode::target_missed : ExitCode::done;
}

}  // namespace syncline
