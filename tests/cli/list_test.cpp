#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "cli/program.hpp"
#include "syncline/dataset.hpp"
#include "syncline/delay_law.hpp"
#include "syncline/optimizer.hpp"
#include "syncline/options.hpp"
#include "syncline/policy.hpp"
#include "syncline/step_size.hpp"
#include "syncline/workload.hpp"

namespace syncline {
namespace {

using Json = nlohmann::json;

template <class Factory>
void check_listed(const std::string& kind, const Registry<Factory>& registry) {
  CAPTURE(kind);
  const Ended text = syncline_run({"list", kind});
  const Ended json = syncline_run({"list", kind, "--json"});
  CHECK(text.exit == 0);
  CHECK(json.exit == 0);
  const Json entries = Json::parse(json.out);
  REQUIRE(entries.size() == registry.entries().size());
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const auto& entry = registry.entries()[i];
    CAPTURE(entry.name);
    CHECK(entries[i]["name"] == entry.name);
    CHECK(entries[i]["summary"] == entry.summary);
    CHECK(entries[i]["source"] == entry.source);
    CHECK(text.out.find(entry.summary) != std::string::npos);
    CHECK_FALSE(entry.summary.empty());
    REQUIRE(entries[i]["parameters"].size() == entry.parameters.size());
    for (std::size_t j = 0; j < entry.parameters.size(); ++j) {
      const auto& parameter = entry.parameters[j];
      CHECK(entries[i]["parameters"][j]["name"] == parameter.name);
      CHECK(entries[i]["parameters"][j]["default"].is_null() == !parameter.default_value);
      CHECK(text.out.find(parameter.description) != std::string::npos);
    }
  }
}

TEST_CASE("list of each kind prints every entry of its registry, as text and as JSON") {
  check_listed("policies", policies());
  check_listed("delays", delay_laws());
  check_listed("models", workloads());
  check_listed("optimizers", optimizers());
  check_listed("schedules", step_size_schedules());
  check_listed("rules", step_size_rules());
  check_listed("datasets", datasets());
  check_listed("partitions", partitions());
}

TEST_CASE("list of races names the ready-made ones") {
  const Json races = Json::parse(syncline_run({"list", "races", "--json"}).out);
  REQUIRE(races.size() == 2);
  CHECK(races[0]["name"] == "fashion-mnist");
  CHECK(races[1]["name"] == "cifar10");
}

TEST_CASE("list without a kind is an overview of all kinds") {
  const Ended ended = syncline_run({"list"});
  CHECK(ended.exit == 0);
  for (const char* part : {"policies", "k-batch-async", "delays", "exponential", "options"}) {
    CHECK(ended.out.find(part) != std::string::npos);
  }
}

TEST_CASE("list of options prints every row of the table") {
  const Json rows = Json::parse(syncline_run({"list", "options", "--json"}).out);
  const std::string text = syncline_run({"list", "options"}).out;
  REQUIRE(rows.size() == options().size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    CHECK(rows[i]["key"] == options()[i].key);
    CHECK(text.find(options()[i].key + "  " + options()[i].flag) != std::string::npos);
  }
}

TEST_CASE("table of docs/configuration.md is what the program prints") {
  const std::string page = read_text(SYNCLINE_SOURCE "/docs/configuration.md");
  const std::string table = syncline_run({"list", "options", "--markdown"}).out;
  REQUIRE(table.size() > 1000);
  // If this fails: put the output of `syncline list options --markdown` into the page.
  CHECK(page.find("\n" + table) != std::string::npos);
}

TEST_CASE("flags of each sub-command are in its help") {
  const std::pair<Command, const char*> commands[] = {
      {Command::race, "race"}, {Command::train, "train"}, {Command::simulate, "simulate"}};
  for (const auto& [command, name] : commands) {
    const std::string help = syncline_run({name, "--help"}).out;
    for (const auto& option : options()) {
      CAPTURE(option.flag);
      const bool found = help.find(option.flag + " ") != std::string::npos ||
                         help.find(option.flag + "\n") != std::string::npos;
      CHECK(found == option.used_by(command));
    }
  }
}

}  // namespace
}  // namespace syncline
