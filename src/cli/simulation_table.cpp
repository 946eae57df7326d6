#include "cli/simulation_table.hpp"

#include <cstdio>

#include <nlohmann/json.hpp>

namespace syncline {
namespace {

constexpr std::size_t bars = 12;
constexpr double bar_width = 40;

std::string number(const nlohmann::ordered_json& value) {
  if (value.is_number_integer()) return std::to_string(value.get<std::int64_t>());
  if (!value.is_number()) return "-";
  char text[32];
  std::snprintf(text, sizeof text, "%.6g", value.get<double>());
  return text;
}

std::string percent(const nlohmann::ordered_json& value) {
  if (!value.is_number()) return "-";
  char text[32];
  std::snprintf(text, sizeof text, "%.2f %%", value.get<double>() * 100);
  return text;
}

std::string row(const std::string& label, const std::string& value) {
  std::string line = label;
  line.resize(26, ' ');
  return line + value + "\n";
}

/// The first bins of the staleness histogram as bars.
std::string histogram(const nlohmann::ordered_json& bins) {
  double total = 0;
  for (const auto& bin : bins) total += bin.is_number() ? bin.get<double>() : 0;
  if (total == 0) return "";
  std::string text = "\nstaleness   share of gradients\n";
  for (std::size_t i = 0; i < bins.size() && i < bars; ++i) {
    const double share = bins[i].get<double>() / total;
    char line[48];
    std::snprintf(line, sizeof line, "%9zu   %6.2f %%  ", i, share * 100);
    text += line + std::string(static_cast<std::size_t>(share * bar_width + 0.5), '#') + "\n";
  }
  if (bins.size() > bars) text += "      ...   (--json prints all)\n";
  return text;
}

}  // namespace

std::string simulation_table(const nlohmann::ordered_json& result) {
  std::string text;
  text += row("policy", result.at("policy").get<std::string>());
  text += row("workers", number(result.at("workers")));
  text += row("updates", number(result.at("updates")));
  text += row("virtual time", number(result.at("elapsed")));
  const auto& runtime = result.at("runtime_per_update");
  text +=
      row("time per update", number(runtime.at("mean")) + " +- " + number(runtime.at("stderr")));
  text += row("staleness, mean", number(result.at("staleness").at("mean")));
  text += row("staleness, largest", number(result.at("staleness").at("max")));
  text += row("fresh gradients", percent(result.at("fresh_fraction")));
  text += row("idle time", percent(result.at("idle_fraction")));
  text += row("cancelled time", percent(result.at("cancelled_time_fraction")));
  text += row("cancelled jobs", percent(result.at("cancelled_job_fraction")));
  std::string account;
  for (const auto& [name, count] : result.at("gradients").items()) {
    account += (account.empty() ? "" : ", ") + name + " " + number(count);
  }
  text += row("gradients", account);
  if (result.value("interrupted", false)) text += row("", "interrupted; so far");
  return text + histogram(result.at("staleness").at("histogram"));
}

}  // namespace syncline
