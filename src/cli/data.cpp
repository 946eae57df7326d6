#include <filesystem>
#include <iostream>
#include <memory>

#include "cli/command.hpp"
#include "cli/console.hpp"
#include "syncline/data_fetch.hpp"
#include "syncline/dataset.hpp"

namespace syncline {
namespace {

constexpr const char* introduction = R"text(Example:
  syncline data get cifar10

Brings data sets into the cache folder, checksums verified. Fashion-MNIST needs no fetching: it is
the Debian package dataset-fashion-mnist.)text";

std::string source_list() {
  std::string text;
  for (const auto& source : data_sources()) {
    text += source.name + ": " + source.summary + "\n    " + source.origin + "\n";
  }
  return text;
}

}  // namespace

void add_data(CLI::App& program, Job& job) {
  auto* app = program.add_subcommand("data", "fetch data sets, or say where they are");
  app->description(introduction);
  app->allow_extras();
  auto action = std::make_shared<std::string>();
  auto name = std::make_shared<std::string>();
  auto folder = std::make_shared<std::string>();
  app->add_option("action", *action, "get NAME, list, or where (prints the cache folder)")
      ->type_name("get|list|where");
  app->add_option("name", *name, "the data set")->type_name("NAME");
  app->add_option("--data-folder", *folder,
                  "where data sets are kept; default: $XDG_CACHE_HOME/syncline or "
                  "~/.cache/syncline")
      ->type_name("FOLDER");
  app->callback([&job, action, name, folder] {
    job = [action, name, folder] {
      if (*action == "list") {
        print(source_list());
      } else if (*action == "where") {
        print(data_folder(*folder).string() + "\n");
      } else if (*action == "get") {
        if (name->empty()) throw ConfigError("data get needs the name of a data set");
        fetch_dataset(*name, *folder, std::cerr);
      } else {
        throw ConfigError("data needs one of get NAME, list, where" +
                          (action->empty() ? "" : ", not '" + *action + "'"));
      }
      return ExitCode::done;
    };
  });
}

}  // namespace syncline
