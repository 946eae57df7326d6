#include <algorithm>
#include <cmath>
#include <map>

#include <nlohmann/json.hpp>

#include "base/hostile_json.hpp"
#include "base/largest_fleet.hpp"
#include "fit/timing_table.hpp"
#include "syncline/spec.hpp"

namespace syncline {
namespace {

using Json = nlohmann::json;

constexpr int schema = 1;

/// The variant that an adaptive policy steers, or the policy itself. `auto` without a base goes
/// from one to another.
std::string variant_name(const std::string& policy) {
  const Spec spec = parse_spec(policy);
  if (spec.name != "adasync" && spec.name != "auto" && spec.name != "horizon") return spec.name;
  for (const auto& argument : spec.arguments) {
    if (argument.key == "base" || argument.key.empty()) return parse_spec(argument.value).name;
  }
  return spec.name == "auto" ? "all" : "k-async";
}

class LogTimings {
 public:
  void take(const Json& record) {
    const std::string event = record.at("event");
    if (!started_ && event != "run") throw DataError("the first record is no run record");
    if (event == "run") {
      begin(record);
    } else if (event == "update") {
      update(record);
    } else if (event == "end") {
      const auto dropped = whole_number<std::uint64_t>(record.at("gradients").at("dropped"));
      if (dropped > 0) {
        warn(std::to_string(dropped) +
             " gradients were dropped, and a log has no times of those: as late ones are dropped, "
             "long times are missing and the fit is too short");
      }
    }
  }

  void warn(const std::string& text) { timings_.warnings.push_back(text); }

  Timings finish() {
    if (!started_) throw DataError("it has no run record");
    refuse_idle_fleet();
    add_running_jobs();
    std::stable_sort(timings_.jobs.begin(), timings_.jobs.end(),
                     [](const Timing& a, const Timing& b) { return a.start < b.start; });
    return std::move(timings_);
  }

 private:
  void begin(const Json& record) {
    if (record.at("schema") != schema) {
      throw DataError("it has schema " + record.at("schema").dump() + ", this program reads " +
                      std::to_string(schema));
    }
    if (started_) throw DataError("it has a second run record: one file holds one run");
    started_ = true;
    const Json& config = record.at("config");
    const Json& fleet = config.at("fleet");
    timings_.workers = whole_number<std::uint32_t>(fleet.at("workers"));
    if (timings_.workers == 0) throw DataError("it has no workers");
    if (timings_.workers > largest_fleet) throw DataError("it has too many workers");
    running_since_.assign(timings_.workers, 0.0);
    const std::string variant = variant_name(config.at("run").at("policy"));
    keeps_running_ = variant == "async" || variant == "k-async" || variant == "k-batch-async";
    restarts_at_once_ = variant == "k-batch-async";
    std::string charged;
    for (const char* key : {"latency", "bandwidth", "server_bandwidth", "restart_cost"}) {
      if (fleet.value(key, 0.0) > 0) charged += (charged.empty() ? "" : ", ") + std::string(key);
    }
    if (!charged.empty()) {
      warn(
          "the times run from the order to the arrival of the gradient, so they include "
          "communication (" +
          charged + "): set it to 0 where you use the fitted law, or it counts twice");
    }
  }

  void update(const Json& record) {
    last_update_ = record.at("time").get<double>();
    for (const auto& gradient : record.at("grads")) {
      const double start = gradient.at("start");
      const double push = gradient.at("push");
      const auto worker = whole_number<std::uint64_t>(gradient.at("worker"));
      add(worker, start, push - start, false);
      running_since_[worker] = restarts_at_once_ ? push : last_update_;
    }
    for (const auto& [name, elapsed] : record.at("cancelled").items()) {
      const double seconds = elapsed;
      // Cancelled in the instant of its start, or a tie: it says nothing.
      if (seconds == 0) continue;
      add(parse_whole(name, "a cancelled worker"), last_update_ - seconds, seconds, true);
    }
  }

  void add(std::uint64_t worker, double start, double seconds, bool censored) {
    if (worker >= timings_.workers) {
      throw DataError("it names worker " + std::to_string(worker) + " of " +
                      std::to_string(timings_.workers));
    }
    if (!(seconds > 0) || !std::isfinite(seconds)) {
      throw DataError("a job of worker " + std::to_string(worker) + " took " +
                      std::to_string(seconds) + "; times must be above 0");
    }
    timings_.jobs.push_back({static_cast<std::uint32_t>(worker), start, seconds, censored});
  }

  /// Of a fleet where hardly anybody has ended a job there is nothing to say, at the price of much
  /// memory: a line is enough to claim millions of workers.
  void refuse_idle_fleet() const {
    constexpr std::uint32_t small_fleet = 1000;
    if (timings_.workers > small_fleet && timings_.jobs.size() < timings_.workers / 10) {
      throw DataError("its " + std::to_string(timings_.workers) + " workers have ended only " +
                      std::to_string(timings_.jobs.size()) + " jobs");
    }
  }

  /// Where nothing is ever cancelled or dropped, each worker is busy from its last push on, or from
  /// the update that used it. To leave these jobs out would make slow workers look fast.
  void add_running_jobs() {
    if (!keeps_running_) return;
    for (std::uint32_t worker = 0; worker < timings_.workers; ++worker) {
      const double seconds = last_update_ - running_since_[worker];
      if (seconds > 0) add(worker, running_since_[worker], seconds, true);
    }
  }

  Timings timings_;
  bool started_ = false;
  bool keeps_running_ = false;
  bool restarts_at_once_ = false;
  double last_update_ = 0;
  std::vector<double> running_since_;
};

}  // namespace

Timings timings_of_log(std::string_view text, const std::string& where) {
  LogTimings log;
  std::size_t number = 0;
  const auto at_line = [&](const std::string& why) {
    return DataError(where + ", line " + std::to_string(number) + ", is no event log: " + why);
  };
  try {
    while (!text.empty()) {
      const auto end = text.find('\n');
      const std::string_view line = text.substr(0, end);
      const bool last = end == std::string_view::npos || end + 1 == text.size();
      text.remove_prefix(last ? text.size() : end + 1);
      ++number;
      if (line.find_first_not_of(" \t\r") == std::string_view::npos) continue;
      const auto record = parse_hostile<Json>(line);
      if (record.is_discarded()) {
        // A crash may leave half a record, and it can only be the last.
        if (!last || number == 1) throw at_line("it is not JSON");
        log.warn("the log is cut off: line " + std::to_string(number) +
                 " is incomplete and was left out");
        break;
      }
      log.take(record);
    }
    Timings timings = log.finish();
    if (timings.jobs.empty()) throw DataError("it has no complete update");
    return timings;
  } catch (const nlohmann::json::exception& error) {
    throw at_line(error.what());
  } catch (const ConfigError& error) {
    throw at_line(error.what());
  } catch (const DataError& error) {
    if (std::string_view(error.what()).starts_with(where)) throw;
    throw at_line(error.what());
  }
}

}  // namespace syncline
