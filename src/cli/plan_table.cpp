#include "cli/plan_table.hpp"

#include <algorithm>
#include <cstdio>

#include <nlohmann/json.hpp>

#include "report/text_columns.hpp"

namespace syncline {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t rows_shown = 12;
constexpr std::size_t width = 100;

std::string number(const Json& value) {
  if (!value.is_number()) return "-";
  char text[32];
  std::snprintf(text, sizeof text, "%.4g", value.get<double>());
  return text;
}

std::string percent(const Json& value) {
  if (!value.is_number()) return "-";
  char text[32];
  std::snprintf(text, sizeof text, "%.0f %%", 100 * value.get<double>());
  return text;
}

/// `12.3 +- 0.4`; without a finite interval the value alone.
std::string with_interval(const Json& estimate) {
  if (!estimate.is_object()) return "-";
  std::string text = number(estimate.at("value"));
  const Json& lower = estimate.at("lower");
  const Json& upper = estimate.at("upper");
  if (!lower.is_number() || !upper.is_number() || lower == upper) return text;
  return text + " (" + number(lower) + ".." + number(upper) + ")";
}

std::string more(std::size_t all) {
  if (all <= rows_shown) return "";
  return "... and " + std::to_string(all - rows_shown) + " more (--json prints all)\n";
}

/// Where nothing is known of the workload: only what time does.
std::string fleet_only(const Json& document, bool colour) {
  TextColumns columns({"policy", "time/update", "gradients/time", "stale", "link"});
  std::size_t shown = 0;
  for (const Json& candidate : document.at("candidates")) {
    if (shown++ == rows_shown) break;
    const Json& period = candidate.at("runtime_per_update").at("value");
    const Json& k = candidate.at("k");
    columns.add({candidate.at("policy").get<std::string>(), number(period),
                 period.is_number() ? number(Json(k.get<double>() / period.get<double>())) : "-",
                 number(candidate.at("staleness")), percent(candidate.at("link_load"))});
  }
  return columns.text(colour) + more(document.at("candidates").size());
}

std::string candidates(const Json& document, bool colour) {
  const bool timed = document.at("target").at("value").is_number();
  const Json& choice = document.at("recommendation");
  TextColumns columns({"policy", "step size", timed ? "time to target" : "loss at the end",
                       "vs sync", "updates", "time/update", "stale", "wasted", "link"});
  std::size_t shown = 0;
  for (const Json& candidate : document.at("candidates")) {
    if (shown++ == rows_shown) break;
    const Json& idle = candidate.at("idle_fraction");
    const Json& cancelled = candidate.at("cancelled_time_fraction");
    const bool known = idle.is_number() && cancelled.is_number();
    const Json waste = known ? Json(idle.get<double>() + cancelled.get<double>()) : Json(nullptr);
    const bool chosen = candidate.at("policy") == choice.at("policy") &&
                        candidate.at("step_size") == choice.value("step_size", 0.0);
    columns.add(
        {candidate.at("policy").get<std::string>(), number(candidate.at("step_size")),
         timed ? with_interval(candidate.at("time")) : number(candidate.at("loss_at_budget")),
         number(candidate.at("speedup_vs_sync")), number(candidate.at("updates")),
         number(candidate.at("runtime_per_update").at("value")), number(candidate.at("staleness")),
         percent(waste), percent(candidate.at("link_load"))},
        chosen ? "\033[1m" : "");
  }
  return columns.text(colour) + more(document.at("candidates").size());
}

/// Whether anything is said about a goal: where it can't be reached, or there is none, the table is
/// that of the fleet.
bool has_forecasts(const Json& document) {
  const Json& all = document.at("candidates");
  return std::any_of(all.begin(), all.end(), [](const Json& candidate) {
    return candidate.at("time").is_object() || candidate.at("loss_at_budget").is_number();
  });
}

std::string paragraph(const std::string& text) { return wrap_text(text, width, 0); }

}  // namespace

std::string plan_table(const nlohmann::ordered_json& document, bool colour) {
  const Json& fleet = document.at("fleet");
  std::string text = "fleet     " + std::to_string(fleet.at("workers").get<std::uint64_t>()) +
                     " workers, " + fleet.at("delay").get<std::string>() + ", " +
                     fleet.at("source").get<std::string>() + "\n";
  text += "workload  " + document.at("workload").at("source").get<std::string>() + "\n\n";
  text += (has_forecasts(document) ? candidates(document, colour) : fleet_only(document, colour)) +
          "\n";
  const Json& choice = document.at("recommendation");
  text += paragraph(choice.at("reason").get<std::string>());
  if (choice.at("command").is_string()) {
    text += "\n  " + choice.at("command").get<std::string>() + "\n";
  }
  for (const Json& hint : document.at("hints")) text += "\n" + paragraph(hint.get<std::string>());
  if (document.at("adasync").is_string()) {
    text += "\nAdaptive, to be compared: --policy \"" + document.at("adasync").get<std::string>() +
            "\"\n";
  }
  for (const Json& note : document.at("workload").at("notes")) {
    text += "\n" + paragraph("Note: " + note.get<std::string>());
  }
  for (const Json& note : fleet.at("notes")) {
    text += "\n" + paragraph("Fleet: " + note.get<std::string>());
  }
  if (document.at("what_if").empty()) return text;
  TextColumns columns(
      {"what if", "time", "updates", "time/update", "stale", "idle", "cancelled", "recorded"});
  for (const Json& entry : document.at("what_if")) {
    columns.add({entry.at("policy").get<std::string>(), number(entry.at("time")),
                 number(entry.at("updates")), number(entry.at("time_per_update")),
                 number(entry.at("staleness")), percent(entry.at("idle_fraction")),
                 percent(entry.at("cancelled_time_fraction")),
                 percent(entry.at("recorded_share"))});
  }
  return text + "\n" + columns.text(colour);
}

}  // namespace syncline
