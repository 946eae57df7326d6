#include <algorithm>
#include <memory>

#include <nlohmann/json.hpp>

#include "cli/catalogue.hpp"
#include "cli/command.hpp"
#include "cli/console.hpp"
#include "cli/option_table.hpp"
#include "syncline/spec.hpp"

namespace syncline {
namespace {

constexpr const char* introduction = R"text(Example:
  syncline list policies

What can be named on the command line, with parameters, defaults and sources, straight from the
registries of the program.)text";

nlohmann::ordered_json as_json(const Catalogue& catalogue) {
  nlohmann::ordered_json entries = nlohmann::ordered_json::array();
  for (const auto& entry : catalogue.entries) {
    nlohmann::ordered_json parameters = nlohmann::ordered_json::array();
    for (const auto& parameter : entry.parameters) {
      nlohmann::ordered_json row = {
          {"name", parameter.name}, {"description", parameter.description}, {"default", nullptr}};
      if (parameter.default_value) row["default"] = *parameter.default_value;
      parameters.push_back(std::move(row));
    }
    entries.push_back({{"name", entry.name},
                       {"summary", entry.summary},
                       {"source", entry.source},
                       {"parameters", std::move(parameters)}});
  }
  return entries;
}

std::string as_text(const Catalogue& catalogue) {
  std::string text;
  for (const auto& entry : catalogue.entries) {
    text += entry.name;
    for (std::size_t i = 0; i < entry.parameters.size(); ++i) {
      text += (i == 0 ? "(" : ", ") + entry.parameters[i].name;
    }
    text += entry.parameters.empty() ? "\n" : ")\n";
    text += "    " + entry.summary + "\n";
    for (const auto& parameter : entry.parameters) {
      std::string name = parameter.name;
      name.resize(std::max<std::size_t>(name.size(), 12), ' ');
      text += "    " + name + "  " + parameter.description +
              (parameter.default_value ? " [" + *parameter.default_value + "]" : " (required)") +
              "\n";
    }
    if (!entry.source.empty()) text += "    source: " + entry.source + "\n";
  }
  return text;
}

std::string overview() {
  std::size_t width = 0;
  for (const auto& catalogue : catalogues()) width = std::max(width, catalogue.kind.size() + 2);
  const auto begun = [width](std::string kind) {
    kind.resize(width, ' ');
    return kind;
  };
  std::string text;
  for (const auto& catalogue : catalogues()) {
    std::string line = begun(catalogue.kind);
    for (std::size_t i = 0; i < catalogue.entries.size(); ++i) {
      line += (i == 0 ? "" : ", ") + catalogue.entries[i].name;
    }
    text += line + "\n";
  }
  return text + begun("options") + "all keys and flags\n";
}

ExitCode run_list(const std::string& kind, bool json, bool markdown) {
  if (kind.empty()) {
    print(overview());
    return ExitCode::done;
  }
  if (kind == "options") {
    print(json ? option_json() : markdown ? option_markdown() : option_text());
    return ExitCode::done;
  }
  if (markdown) throw ConfigError("--markdown is for `syncline list options`");
  std::vector<std::string> kinds = {"options"};
  for (const auto& catalogue : catalogues()) {
    if (catalogue.kind == kind) {
      print(json ? as_json(catalogue).dump(2) + "\n" : as_text(catalogue));
      return ExitCode::done;
    }
    kinds.push_back(catalogue.kind);
  }
  const auto near = nearest_name(kind, kinds);
  std::string message =
      "can't list '" + kind + "'" + (near ? "; did you mean '" + *near + "'?" : "") + " (lists:";
  for (const auto& known : kinds) message += " " + known;
  throw ConfigError(message + ")");
}

}  // namespace

void add_list(CLI::App& program, Job& job) {
  auto* app = program.add_subcommand("list", "what policies, delay laws, models, ... there are");
  app->description(introduction);
  app->allow_extras();
  auto kind = std::make_shared<std::string>();
  auto json = std::make_shared<bool>(false);
  auto markdown = std::make_shared<bool>(false);
  app->add_option("what", *kind, "what to list; nothing: an overview")->type_name("WHAT");
  app->add_flag("--json", *json, "print it as JSON");
  app->add_flag("--markdown", *markdown, "`list options` as the table of docs/configuration.md");
  app->callback([&job, kind, json, markdown] {
    job = [kind, json, markdown] { return run_list(*kind, *json, *markdown); };
  });
}

}  // namespace syncline
