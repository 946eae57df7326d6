#include "cli/measure_table.hpp"

#include <cstdio>

namespace syncline {
namespace {

std::string number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.5g", value);
  return text;
}

std::string with_interval(const MeasuredValue& measured) {
  if (measured.lower == measured.upper) return number(measured.value);
  return number(measured.value) + "   (" + number(measured.lower) + " to " +
         number(measured.upper) + ")";
}

std::string row(std::string label, const std::string& value) {
  label.resize(34, ' ');
  return label + value + "\n";
}

std::string lines_text(const std::vector<SpectralLine>& lines) {
  double total = 0, weighted = 0;
  for (const SpectralLine& line : lines) {
    total += line.weight;
    weighted += line.weight * line.eigenvalue;
  }
  if (total == 0) return "none";
  return number(weighted / total) + "   (" + std::to_string(lines.size()) + " lines from " +
         number(lines.front().eigenvalue) + " to " + number(lines.back().eigenvalue) + ")";
}

}  // namespace

std::string measure_table(const WorkloadConstants& constants, const std::string& policy) {
  std::string text;
  text += row("model", constants.workload);
  if (!constants.data.empty()) text += row("data", constants.data);
  text += row("length of a payload", std::to_string(constants.dimension));
  text += row("samples in a mini-batch", std::to_string(constants.batch));
  text +=
      row("F is known from",
          constants.samples == 0 ? "its formula" : std::to_string(constants.samples) + " samples");
  text += row("F at the start", number(constants.loss));
  text += "\nwith 95 % intervals\n";
  text += row("||grad F||^2 at the start", with_interval(constants.gradient_norm2));
  text += row("sigma^2 of one sample", with_interval(constants.sigma2));
  text += row("M_G of one sample", with_interval(constants.m_g));
  text += row("L, largest curvature", with_interval(constants.smoothness));
  text += row("c, smallest curvature", constants.convexity ? with_interval(*constants.convexity)
                                                           : "none: it is nowhere positive");
  if (constants.gamma) text += row("gamma of " + policy, with_interval(*constants.gamma));
  text += "\nmean curvature along\n";
  text += row("the gradient", lines_text(constants.signal));
  text += row("the gradient noise", lines_text(constants.noise));
  return text;
}

}  // namespace syncline
