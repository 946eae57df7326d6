#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>
#include <vector>

#include <nlohmann/json.hpp>

#include "report/check_document.hpp"
#include "report/text_columns.hpp"
#include "syncline/report.hpp"

namespace syncline {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* none = "-";
constexpr std::size_t text_width = 100;

std::string number(double value, int digits) {
  char text[48];
  std::snprintf(text, sizeof text, "%.*g", digits, value);
  return text;
}

/// Three significant digits, but never a large count as 1.23e+04.
std::string measured(double value) {
  if (std::abs(value) < 100) return number(value, 3);
  char text[48];
  std::snprintf(text, sizeof text, value < 1e9 ? "%.0f" : "%.3g", value);
  return text;
}

std::string measured(const Json& value) {
  return value.is_null() ? none : measured(value.get<double>());
}

std::string percent(const Json& value) {
  if (value.is_null()) return none;
  char text[48];
  std::snprintf(text, sizeof text, "%.1f %%", 100 * value.get<double>());
  return text;
}

std::string fixed(double value, int places) {
  char text[48];
  std::snprintf(text, sizeof text, "%.*f", places, value);
  return text;
}

/// The mean with the decimals that its error leaves meaningful: 41.3 ± 0.9.
std::string time_to_target(const Json& time, bool targeted, bool unfinished) {
  if (!targeted) return none;
  if (time.at("mean").is_null()) {
    const Json& reached = time.at("reached");
    if (reached == 0) return unfinished ? "not yet" : "missed";
    return "reached " + reached.dump() + "/" + time.at("runs").dump();
  }
  const double mean = time.at("mean").get<double>();
  if (time.at("stderr").is_null() || time.at("stderr").get<double>() <= 0) return measured(mean);
  const double error = time.at("stderr").get<double>();
  const int places = std::clamp(1 - static_cast<int>(std::floor(std::log10(error))), 0, 6);
  return fixed(mean, places) + " ± " + fixed(error, places);
}

std::string speedup(const Json& value) {
  if (value.is_null()) return none;
  std::string text = fixed(value.at("value").get<double>(), 2) + "x";
  if (!value.at("lower").is_null() && !value.at("upper").is_null()) {
    text += " (" + fixed(value.at("lower").get<double>(), 2) + " to " +
            fixed(value.at("upper").get<double>(), 2) + ")";
  }
  return text;
}

/// Long argument lists are cut, unless that makes two policies look the same.
std::string short_name(const std::string& name, const Json& policies) {
  constexpr std::size_t longest = 26;
  if (name.size() <= longest) return name;
  const auto head = name.substr(0, longest - 1);
  const auto alike = std::count_if(policies.begin(), policies.end(), [&](const Json& policy) {
    return policy.at("policy").get_ref<const std::string&>().starts_with(head);
  });
  return alike > 1 ? name : head + "…";
}

/// Analytic workloads have no test error; their loss is F - F*.
std::string final_value(const Json& policy) {
  const auto& error = policy.at("final_error").at("mean");
  return error.is_null() ? measured(policy.at("final_loss").at("mean")) : percent(error);
}

std::vector<const Json*> fastest_first(const Json& policies) {
  std::vector<const Json*> order;
  for (const auto& policy : policies) order.push_back(&policy);
  std::stable_sort(order.begin(), order.end(), [](const Json* left, const Json* right) {
    const auto time = [](const Json* policy) {
      const auto& mean = policy->at("time_to_target").at("mean");
      return mean.is_null() ? std::numeric_limits<double>::infinity() : mean.get<double>();
    };
    return time(left) < time(right);
  });
  return order;
}

std::string step_size_title(const std::string& mode) {
  if (mode == "same") return "the same step size for all";
  if (mode == "tuned") return "step sizes tuned for each policy";
  return "step size as given";
}

bool has_target(const Json& target) { return !target.is_null() && !target.at("value").is_null(); }

std::string target_text(const Json& target) {
  if (!has_target(target)) return "no target";
  const auto metric = target.at("metric").get<std::string>();
  std::string name = metric;
  std::replace(name.begin(), name.end(), '_', ' ');
  const auto& value = target.at("value");
  return "target: " + name + " " + (metric.ends_with("_error") ? percent(value) : measured(value));
}

/// Whether an interruption kept a policy from making all of its runs to their end, so that it may
/// still meet the target. The page says the same by the same rule (interrupted.js).
bool is_unfinished(const Json& policy, const Json& setting, const Json& document) {
  if (!document.at("interrupted").get<bool>()) return false;
  const Json& curves = policy.at("curves");
  if (curves.size() < document.at("seeds").size()) return true;
  const auto number_at = [](const Json& json, const char* pointer) {
    const Json::json_pointer place(pointer);
    return json.contains(place) && json.at(place).is_number() ? json.at(place).get<double>() : 0.0;
  };
  const double limit = number_at(document.at("config"), "/stop/time");
  if (limit <= 0) return true;
  // The last evaluation is less than one interval from the end.
  const double end = limit - number_at(setting, "/grid/interval");
  return std::any_of(curves.begin(), curves.end(), [&](const Json& curve) {
    const auto& diverged = policy.at("diverged");
    const bool ended_early = std::any_of(diverged.begin(), diverged.end(), [&](const Json& run) {
      return run.at("seed") == curve.at("seed");
    });
    const auto& times = curve.at("time");
    return !ended_early && (times.empty() || times.back().get<double>() < end * 0.999);
  });
}

std::string render_setting(const Json& setting, const Json& document, bool targeted, bool colour) {
  TextColumns columns({"policy", "time to target", "speed-up vs sync", "final", "updates", "stale",
                       "idle", "cancelled", "step"});
  const auto& winner = setting.at("verdict").at("winner");
  for (const Json* policy : fastest_first(setting.at("policies"))) {
    columns.add({short_name(policy->at("policy").get<std::string>(), setting.at("policies")),
                 time_to_target(policy->at("time_to_target"), targeted,
                                is_unfinished(*policy, setting, document)),
                 speedup(policy->at("speedup_vs_sync")), final_value(*policy),
                 measured(policy->at("updates")), measured(policy->at("staleness_mean")),
                 percent(policy->at("idle_fraction")),
                 percent(policy->at("cancelled_time_fraction")), measured(policy->at("step_size"))},
                policy->at("policy") == winner ? "\x1b[1;32m" : "");
  }
  std::string text = columns.text(colour) + '\n';
  for (const auto& policy : setting.at("policies")) {
    for (const auto& run : policy.at("diverged")) {
      text += wrap_text(policy.at("policy").get<std::string>() + " diverged with seed " +
                            run.at("seed").dump() + " at update " + run.at("update").dump() + ".",
                        text_width, 2);
    }
  }
  return text + wrap_text(setting.at("verdict").at("text").get<std::string>(), text_width, 2);
}

}  // namespace

std::string render_table(const Json& document, bool colour) {
  check_race(document);
  const auto bold = [colour](const std::string& text) {
    return colour ? "\x1b[1m" + text + "\x1b[0m" : text;
  };
  std::string text;
  for (const auto& setting : document.at("settings")) {
    if (!text.empty()) text += '\n';
    text += bold(document.at("title").get<std::string>() + ": " +
                 step_size_title(setting.at("step_sizes").get<std::string>())) +
            " (" + target_text(document.at("target")) + ", " + document.at("workers").dump() +
            " workers, seeds: " + std::to_string(document.at("seeds").size()) + ")\n\n";
    text += render_setting(setting, document, has_target(document.at("target")), colour);
  }
  if (document.at("interrupted").get<bool>()) {
    text += "\nInterrupted: the figures are of what was measured until then.\n";
  }
  return text;
}

}  // namespace syncline
