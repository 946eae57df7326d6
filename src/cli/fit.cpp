#include "syncline/fit.hpp"

#include <memory>

#include <nlohmann/json.hpp>

#include "cli/check.hpp"
#include "cli/command.hpp"
#include "cli/console.hpp"
#include "cli/fit_table.hpp"
#include "cli/program.hpp"
#include "cli/write_document.hpp"
#include "syncline/report.hpp"

namespace syncline {
namespace {

constexpr const char* introduction = R"text(Example:
  syncline fit times.csv

Which delay laws do measured step times follow, worker by worker? The file is an event log of a run or
lines `worker,seconds[,censored]`. Prints the laws, who is slow and how, and the fleet for --delay.)text";

struct FitOptions {
  std::string input;
  std::string save;
  std::string report;
  bool json = false;
};

ExitCode run_fit(const FitOptions& options) {
  if (options.input.empty()) throw ConfigError("fit needs a file; `syncline fit --help`");
  check_output("--save", options.save);
  check_output("--report", options.report);
  const FleetFit fit = fit_fleet(read_timings(options.input));
  for (const auto& warning : fit.warnings) print_warning(warning);
  nlohmann::ordered_json document = to_json(fit);
  document["command"] = command_line();
  if (!options.save.empty()) write_document(options.save, document);
  if (!options.report.empty()) write_report(options.report, document);
  print(options.json ? document.dump() + "\n" : fit_table(fit, stdout_has_colour()));
  return ExitCode::done;
}

}  // namespace

void add_fit(CLI::App& program, Job& job) {
  auto* app = program.add_subcommand("fit", "the delay laws of measured step times");
  app->description(introduction);
  app->allow_extras();
  auto options = std::make_shared<FitOptions>();
  app->add_option("input", options->input, "event log, or CSV of worker and seconds")
      ->type_name("FILE");
  app->add_option("--save", options->save, "write the whole result as JSON; \"\": nowhere")
      ->type_name("FILE");
  app->add_option("--report", options->report, "HTML page to write; \"\": none")->type_name("FILE");
  app->add_flag("--json", options->json, "print the result as one JSON object");
  app->callback([&job, options] { job = [options] { return run_fit(*options); }; });
}

}  // namespace syncline
