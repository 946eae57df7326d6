#include <cmath>
#include <filesystem>
#include <unistd.h>

#include "base/atomic_file.hpp"
#include "picture.hpp"
#include "record.hpp"
#include "restart_rules.hpp"
#include "studies.hpp"
#include "trace/timeline_recorder.hpp"
#include "virtual_run.hpp"
#include "words.hpp"

namespace syncline::repro {
namespace {

constexpr std::uint32_t workers = 3;
constexpr double horizon = 8.9;  ///< what the pictures show

/// How long each job of each worker takes; then the same again.
const std::vector<std::vector<double>>& service_times() {
  static const std::vector<std::vector<double>> times = {
      {0.75, 0.875, 1.5, 1.125, 1.75, 0.625, 1.375, 2.125},
      {1.875, 1.375, 1.625, 2.25, 1.0, 1.5, 0.875, 1.75},
      {2.625, 2.5, 1.375, 2.0, 3.125, 1.25, 2.75, 1.625}};
  return times;
}

struct Variant {
  const char* policy;
  const char* name;
  double staleness;  ///< mean, in the long run
};

const Variant variants[] = {
    {"sync", "fully synchronous", 0},           {"k-sync(k=2)", "K-sync", 0},
    {"k-batch-sync(k=2)", "K-batch-sync", 0},   {"async", "fully asynchronous", 2},
    {"k-batch-async(k=2)", "K-batch-async", 1}, {"k-async(k=2)", "K-async", 0.5}};
enum { sync, k_sync, k_batch_sync, async, k_batch_async, k_async };

/// A folder that lasts as long as the object.
class Scratch {
 public:
  Scratch()
      : folder_(std::filesystem::temp_directory_path() /
                ("syncline-timelines-" + std::to_string(getpid()))) {}
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  ~Scratch() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  [[nodiscard]] std::filesystem::path file(const char* name) const { return folder_ / name; }

 private:
  std::filesystem::path folder_;
};

/// The given times over and over, as a file for the law that replays them.
std::shared_ptr<const FleetTiming> replayed(const Scratch& scratch, std::size_t jobs) {
  Json lists;
  for (std::uint32_t worker = 0; worker < workers; ++worker) {
    const std::vector<double>& cycle = service_times()[worker];
    Json& list = lists[std::to_string(worker)] = Json::array();
    for (std::size_t job = 0; job < jobs; ++job) list.push_back(cycle[job % cycle.size()]);
  }
  const std::filesystem::path file = scratch.file("times.json");
  write_file_atomically(file, {lists.dump()});
  return std::make_shared<const FleetTiming>(
      fleet_of(workers, "service-times(file=" + file.string() + ")"));
}

Json timeline_json(const Timeline& timeline) {
  static constexpr const char* kinds[] = {"compute", "idle", "cancelled"};
  Json json = {{"workers", timeline.workers}, {"to", timeline.to}};
  json["spans"] = Json::array();
  for (const TimelineSpan& span : timeline.spans) {
    json["spans"].push_back(
        {span.worker, kinds[static_cast<int>(span.kind)], span.begin, span.end});
  }
  json["arrows"] = Json::array();
  for (const TimelineArrow& arrow : timeline.arrows) {
    json["arrows"].push_back({arrow.worker, arrow.push, arrow.update, arrow.staleness});
  }
  return json;
}

Json compute(Scale scale, const Progress&) {
  const std::uint64_t updates = scale == Scale::full ? 1000 : 200;
  const Scratch scratch;
  const auto timing = replayed(scratch, 4 * updates);
  Json json = {{"service_times", service_times()}, {"variants", Json::array()}};
  for (const Variant& variant : variants) {
    TimelineRecorder timeline(workers, horizon);
    RestartRules rules(*variant_point(variant.policy, workers));
    Json instants = Json::array();
    UpdateRecorder recorder(workers, [&](const UpdateRecord& record) {
      if (record.time <= horizon) instants.push_back(record.time);
      rules.check(record);
    });
    run_updates(variant.policy, timing, 1, updates, {&timeline, &recorder});
    json["variants"].push_back({{"policy", variant.policy},
                                {"timeline", timeline_json(timeline.timeline())},
                                {"updates", instants},
                                {"rules", rules.json()}});
  }
  return json;
}

const Json& variant_of(const Results& results, std::size_t variant) {
  return results.computed.at("variants").at(variant);
}

/// "300 of 300"
std::string of(const Json& rules, const char* some, const char* all) {
  return rules.at(some).dump() + " of " + rules.at(all).dump();
}

bool equal(const Json& rules, const char* some, const char* all) {
  return rules.at(some) == rules.at(all);
}

Claim cancelling(const Results& results) {
  Claim claim{
      "At each update K-sync cancels P - K = 1 job and K-batch-sync P - 1 = 2; the others "
      "cancel none",
      "paper", true, ""};
  constexpr int expected[] = {0, 1, 2, 0, 0, 0};
  for (std::size_t i = 0; i < std::size(variants); ++i) {
    const Json& range = variant_of(results, i).at("rules").at("cancelled");
    claim.holds = claim.holds && range.at(0) == expected[i] && range.at(1) == expected[i];
    claim.evidence += std::string(i == 0 ? "" : ", ") + variants[i].name + " " +
                      range.at(0).dump() + " to " + range.at(1).dump();
  }
  return claim;
}

Claim waiting(const Results& results) {
  Claim claim{
      "Under sync, K-sync and K-async whoever pushes early waits exactly until the update; "
      "in the other three nobody waits",
      "paper", true, ""};
  for (std::size_t i = 0; i < std::size(variants); ++i) {
    const Json& rules = variant_of(results, i).at("rules");
    const bool waits = i == sync || i == k_sync || i == k_async;
    claim.holds = claim.holds && equal(rules, "waited_as_drawn", "early_pushes") &&
                  (rules.at("waits") > 0) == waits;
    if (waits) {
      claim.evidence += std::string(variants[i].name) + " " +
                        of(rules, "waited_as_drawn", "early_pushes") + " early pushes, ";
    }
  }
  claim.evidence += "none waits elsewhere";
  return claim;
}

/// The jobs of some variants began when, and read the version that, the figures say.
Claim restarts(const Results& results, std::vector<std::size_t> which, const std::string& text) {
  Claim claim{text, "paper", true, ""};
  for (const std::size_t i : which) {
    const Json& rules = variant_of(results, i).at("rules");
    claim.holds = claim.holds && equal(rules, "as_drawn", "jobs");
    claim.evidence += std::string(i == which.front() ? "" : ", ") + variants[i].name + " " +
                      of(rules, "as_drawn", "jobs") + " jobs";
  }
  return claim;
}

Claim contributors(const Results& results) {
  const Json& k_sync_rules = variant_of(results, k_sync).at("rules");
  const Json& k_async_rules = variant_of(results, k_async).at("rules");
  const Json& batch_sync = variant_of(results, k_batch_sync).at("rules");
  const Json& batch_async = variant_of(results, k_batch_async).at("rules");
  return {
      "K-sync and K-async use gradients of K different workers; the batch variants may use two "
      "of one worker",
      "paper",
      equal(k_sync_rules, "distinct", "updates") && equal(k_async_rules, "distinct", "updates") &&
          !equal(batch_sync, "distinct", "updates") && !equal(batch_async, "distinct", "updates"),
      "updates from two workers: K-sync " + of(k_sync_rules, "distinct", "updates") + ", K-async " +
          of(k_async_rules, "distinct", "updates") + ", K-batch-sync " +
          of(batch_sync, "distinct", "updates") + ", K-batch-async " +
          of(batch_async, "distinct", "updates")};
}

Claim staleness(const Results& results) {
  Claim claim{
      "Mean staleness, whatever the times: 0 in the sync family, P/K - 1 = 0.5 for K-async, "
      "(P - 1)/K = 1 for K-batch-async, P - 1 = 2 for async",
      "theory", true, ""};
  for (std::size_t i = 0; i < std::size(variants); ++i) {
    const Json& rules = variant_of(results, i).at("rules");
    const double mean = rules.at("staleness_mean");
    // The start and the end of the run are worth a few versions in all.
    const double margin = variants[i].staleness == 0 ? 0 : 10 / rules.at("jobs").get<double>();
    claim.holds = claim.holds && std::abs(mean - variants[i].staleness) <= margin;
    claim.evidence += std::string(i == 0 ? "" : ", ") + variants[i].name + " " + number(mean);
  }
  return claim;
}

Picture draw(const Results& results, const std::string& name, const std::string& title,
             const std::string& summary, std::size_t first) {
  std::vector<Json> panels;
  for (std::size_t i = first; i < first + 3; ++i) {
    const Json& variant = variant_of(results, i);
    panels.push_back(timeline_panel(variants[i].name, variant.at("timeline"),
                                    variant.at("updates").get<std::vector<double>>()));
  }
  return picture(name, title, summary, 1, std::move(panels));
}

/// What the picture shows of each variant, in numbers.
std::vector<std::vector<std::string>> rows(const Results& results, std::size_t first) {
  std::vector<std::vector<std::string>> table;
  for (std::size_t i = first; i < first + 3; ++i) {
    const Json& variant = variant_of(results, i);
    double idle = 0, cancelled = 0;
    for (const Json& span : variant.at("timeline").at("spans")) {
      const double length = span.at(3).get<double>() - span.at(2).get<double>();
      if (span.at(1) == "idle") idle += length;
      if (span.at(1) == "cancelled") cancelled += length;
    }
    const Json& rules = variant.at("rules");
    table.push_back({variants[i].name, std::to_string(variant.at("updates").size()),
                     percent(idle / (workers * horizon)), percent(cancelled / (workers * horizon)),
                     number(rules.at("staleness_mean").get<double>()),
                     rules.at("staleness_max").dump()});
  }
  return table;
}

Chapter chapter(const Results& results) {
  const std::vector<std::string> columns = {"variant",   "updates in the picture", "idle",
                                            "cancelled", "staleness, mean",        "largest"};
  Section synchronous{
      "Figure 3: the synchronous family",
      "All workers start anew at each update, on the new version. Worker 0, quick at first, waits "
      "under full sync and K-sync; under K-batch-sync it goes on with the same version and brings "
      "both gradients of the first update.",
      columns,
      rows(results, 0),
      {draw(results, "fig03-sync-family", "The synchronous family, K = 2, P = 3",
            "Timelines of three workers under full sync, K-sync and K-batch-sync: full sync waits "
            "for the slowest, the other two cancel what is unfinished at an update.",
            0)}};
  Section asynchronous{
      "Figure 4: the asynchronous family",
      "Nothing is cancelled: a job runs on through updates, and its gradient is used as stale. "
      "Only the workers whose gradients an update used start anew with it. Under K-async the "
      "first of the two waits; under K-batch-async it goes on at once with the version that is "
      "there.",
      columns,
      rows(results, 3),
      {draw(results, "fig04-async-family", "The asynchronous family, K = 2, P = 3",
            "Timelines of three workers under async, K-batch-async and K-async: no job is "
            "cancelled, and only under K-async does an early pusher wait for the update.",
            3)}};
  return {{synchronous, asynchronous},
          {cancelling(results), waiting(results),
           restarts(results, {sync, k_sync, k_batch_sync},
                    "In the sync family every job starts at an update on the version that it made; "
                    "only an early pusher of K-batch-sync starts between updates, on the same "
                    "version"),
           restarts(results, {k_async},
                    "At an update of K-async exactly the K pushers start anew, on the new version; "
                    "the others run on"),
           restarts(results, {async, k_batch_async},
                    "Under async and K-batch-async a pusher starts anew at once; the one that "
                    "completes an update reads the new version, an earlier one the old version"),
           contributors(results), staleness(results)}};
}

}  // namespace

Study fig03_timelines() {
  return {
      .id = "fig03-timelines",
      .title = "Figures 3 and 4: timelines of the variants",
      .original =
          "Two drawings for K = 2 and P = 3. Figure 3 has the synchronous family: full sync, "
          "K-sync, K-batch-sync. Figure 4 has the asynchronous one: async, K-batch-async, "
          "K-async. They are where the paper says who waits, who is cancelled, who starts anew "
          "and on which version; its text leaves that open.",
      .settings =
          "Three workers whose jobs take given times, eight for each worker, over and over, "
          "replayed by `service-times` ([delays.md](../delays.md#measured-times)); all six "
          "variants run on the same times. The pictures are traces of these runs up to time 8.9, "
          "not drawings. The claims are checked over 1,000 updates: start and version of "
          "every job are computed anew from the pushes before it and compared with `==`.",
      .seeds = "none: the times are given",
      .analytic = true,
      .compute = compute,
      .chapter = chapter};
}

}  // namespace syncline::repro
