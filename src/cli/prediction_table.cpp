#include "cli/prediction_table.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include <nlohmann/json.hpp>

namespace syncline {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t bars = 12;
constexpr double bar_width = 40;

/// Infinities are numbers here; they turn into null only in the text of a JSON.
std::string number(const Json& value) {
  if (!value.is_number() || std::isnan(value.get<double>())) return "-";
  char text[32];
  std::snprintf(text, sizeof text, "%.6g", value.get<double>());
  return text;
}

std::string row(const std::string& label, const std::string& value) {
  std::string line = label;
  line.resize(26, ' ');
  return line + value + "\n";
}

/// `1.2387  [1.2301, 1.2473]  simulated`
std::string estimate(const Json& value) {
  std::string text = number(value.at("value"));
  const std::string lower = number(value.at("lower"));
  const std::string upper = number(value.at("upper"));
  if (lower != upper) text += "  [" + lower + ", " + upper + "]";
  return text + "  " + value.at("kind").get<std::string>();
}

std::string histogram(const Json& pmf) {
  if (pmf.size() < 2) return "";
  std::string text = "\nstaleness   share of gradients\n";
  for (std::size_t s = 0; s < std::min(pmf.size(), bars); ++s) {
    const double share = pmf[s].get<double>();
    char line[48];
    std::snprintf(line, sizeof line, "%9zu   %6.2f %%  ", s, share * 100);
    text += line + std::string(static_cast<std::size_t>(share * bar_width + 0.5), '#') + "\n";
  }
  if (pmf.size() > bars) text += "      ...   (--json prints all)\n";
  return text;
}

std::string error_rows(const Json& error) {
  if (error.is_null()) return "";
  std::string text = row("step size limit", number(error.at("step_size_limit")));
  if (!error.at("holds").get<bool>()) {
    return text + row("error bound", error.at("reason").get<std::string>());
  }
  text += row("error bound", error.at("measure").get<std::string>() + ", by " +
                                 error.at("source").get<std::string>());
  text += row("  floor", number(error.at("floor")));
  for (const auto& point : error.at("at")) {
    text += row("  at time " + number(point.at("time")), number(point.at("error")));
  }
  return text;
}

std::string optimum_rows(const Json& optimum) {
  if (optimum.is_null()) return "";
  const auto place = [](const Json& point) {
    return number(point.at("time")) + " with " + number(point.at("workers")) + " workers";
  };
  return row("optimal time, at least", place(optimum.at("lower_bound"))) +
         row("  best k-sync", place(optimum.at("best_sync")));
}

}  // namespace

std::string prediction_table(const Json& result) {
  const Json& details = result.at("details");
  std::string text = row("policy", result.at("policy").get<std::string>());
  text += row("workers", std::to_string(result.at("workers").get<std::uint64_t>()));
  text += row("delay", result.at("delay").get<std::string>());
  text += row("time per update", estimate(result.at("runtime_per_update")));
  text += row("  by", result.at("runtime_per_update").at("source").get<std::string>());
  text += row("speed-up over sync", estimate(details.at("speedup_vs_sync")));
  text += row("staleness, mean", estimate(details.at("staleness_mean")));
  text += row("fresh gradients", estimate(details.at("fresh_fraction")));
  text += row("p0", estimate(details.at("p0")));
  text += row("idle time", estimate(details.at("idle_fraction")));
  text += row("cancelled time", estimate(details.at("cancelled_time_fraction")));
  if (!result.at("startup").is_null()) text += row("start-up", estimate(result.at("startup")));
  text += row("ageing", result.at("ageing_class").get<std::string>());
  text += row("", result.at("ageing_sentence").get<std::string>());
  text += error_rows(result.at("error_bound"));
  text += optimum_rows(result.at("optimal_time"));
  for (const auto& note : result.at("notes")) text += row("note", note.get<std::string>());
  return text + histogram(result.at("staleness").at("pmf"));
}

}  // namespace syncline
