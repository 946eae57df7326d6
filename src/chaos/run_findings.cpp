#include "chaos/run_findings.hpp"

#include <fstream>
#include <functional>

#include "base/open_to_read.hpp"
#include "syncline/error.hpp"

namespace syncline {
namespace {

using Json = nlohmann::json;

void for_each_record(const std::filesystem::path& log,
                     const std::function<void(const Json&)>& take) {
  std::ifstream file = open_to_read(log, "the event log");
  for (std::string line; std::getline(file, line);) {
    const Json record = Json::parse(line, nullptr, false);
    if (record.is_object()) take(record);
  }
}

Json last_line(const std::filesystem::path& printed) {
  std::ifstream file = open_to_read(printed, "what the server has printed,");
  std::string last;
  for (std::string line; std::getline(file, line);) {
    if (!line.empty()) last = std::move(line);
  }
  Json document = Json::parse(last, nullptr, false);
  if (!document.is_object()) {
    throw DataError("the server has printed no result into '" + printed.string() + "'");
  }
  return document;
}

/// What the records of a log sum up to.
struct Sums {
  std::uint64_t updates = 0, gradients = 0, arrivals = 0;
  std::string gap;
};

std::string compare(const std::string& what, std::uint64_t one, std::uint64_t other) {
  if (one == other) return "";
  return what + " (" + std::to_string(one) + ", not " + std::to_string(other) + "); ";
}

/// The laws of docs/event-log.md, and that the records tell of what the account counts.
std::string discrepancy(const RunFindings& findings, const Sums& sums) {
  const auto count = [&](const char* name) { return findings.account.at(name); };
  return compare("started are not computed + cancelled + lost + in flight", count("started"),
                 count("computed") + count("cancelled") + count("lost") + count("in_flight")) +
         compare("computed are not applied + dropped + held", count("computed"),
                 count("applied") + count("dropped") + count("held")) +
         compare("gradients in the update records are not those applied", sums.gradients,
                 count("applied")) +
         compare("updates in the log are not those of the result", sums.updates, findings.updates) +
         sums.gap;
}

}  // namespace

RunFindings find_in_run(const std::filesystem::path& printed, const std::filesystem::path& log) {
  RunFindings findings;
  Sums sums;
  bool complete = false;
  try {
    const Json document = last_line(printed);
    findings.outcome = document.at("outcome");
    findings.updates = document.at("updates");
    const Json& loss =
        document.at("settings").at(0).at("policies").at(0).at("final_loss").at("mean");
    if (loss.is_number()) findings.final_loss = loss.get<double>();
    for_each_record(log, [&](const Json& record) {
      const std::string event = record.at("event");
      if (event == "update") {
        const auto number = record.at("update").get<std::uint64_t>();
        if (number != ++sums.updates && sums.gap.empty()) {
          sums.gap = "update " + std::to_string(number) + " follows on " +
                     std::to_string(sums.updates - 1) + "; ";
        }
        sums.gradients += record.at("grads").size();
      } else if (event == "down" && record.at("time") > 0) {
        ++findings.downs;
      } else if (event == "end") {
        complete = true;
        record.at("gradients").get_to(findings.account);
        if (record.contains("oddities")) record.at("oddities").get_to(findings.oddities);
      }
    });
    if (!complete) throw DataError("the event log '" + log.string() + "' has no end");
    findings.discrepancy = discrepancy(findings, sums);
  } catch (const Json::exception& error) {
    throw DataError("the papers of the run are not as they should be: " +
                    std::string(error.what()));
  } catch (const std::out_of_range&) {
    throw DataError("the account in '" + log.string() + "' is not whole");
  }
  return findings;
}

}  // namespace syncline
