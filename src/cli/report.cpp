#include "syncline/report.hpp"

#include <memory>

#include <nlohmann/json.hpp>

#include "cli/check.hpp"
#include "cli/command.hpp"
#include "cli/console.hpp"
#include "report/read_document.hpp"
#include "trace/log_ending.hpp"

namespace syncline {
namespace {

constexpr const char* introduction = R"text(Example:
  syncline report syncline-out/fashion-mnist.json page.html

Writes one self-contained HTML page from the JSON of a race, a run, a plan or a fit, or from an
event log. With --plan, the page of a race shows what the plan had predicted beside what was
measured.)text";

}  // namespace

void add_report(CLI::App& program, Job& job) {
  auto* app = program.add_subcommand("report", "pictures of a race, a run, a plan or a fit");
  app->description(introduction);
  app->allow_extras();
  auto input = std::make_shared<std::string>();
  auto output = std::make_shared<std::string>();
  app->add_option("input", *input, "JSON of a race, a run, a plan or a fit, or an event log")
      ->type_name("FILE");
  app->add_option("output", *output, "the page to write; default: the input with .html")
      ->type_name("PAGE");
  auto plan = std::make_shared<std::string>();
  app->add_option("--plan", *plan, "JSON of a plan, to compare the race with")->type_name("FILE");
  app->callback([&job, input, output, plan] {
    job = [input, output, plan] {
      if (input->empty()) throw ConfigError("report needs a file; `syncline report --help`");
      std::filesystem::path page(*output);
      if (page.empty()) page = std::filesystem::path(*input).replace_extension(".html");
      if (page == std::filesystem::path(*input)) {
        throw ConfigError("the page would overwrite its own input '" + *input + "'");
      }
      if (!plan->empty() && page == std::filesystem::path(*plan)) {
        throw ConfigError("the page would overwrite its own plan '" + *plan + "'");
      }
      auto document = read_document(*input);
      if (document.contains("log_complete") && !document.at("log_complete").get<bool>()) {
        if (const auto warning = unfinished_log(*input)) print_warning(*warning);
      }
      if (!plan->empty()) document = with_plan(std::move(document), read_document(*plan));
      check_output("report", page.string());
      write_report(page, document);
      print("wrote " + page.string() + "\n");
      return ExitCode::done;
    };
  });
}

}  // namespace syncline
