#include "words.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace syncline::repro {
namespace {

std::string fixed(double value, int places) {
  char text[64];
  std::snprintf(text, sizeof text, "%.*f", places, value);
  return text;
}

}  // namespace

std::string number(double value, int digits) {
  if (std::isnan(value)) return "-";
  if (std::isinf(value)) return value > 0 ? "infinite" : "-infinite";
  const double size = std::abs(value);
  if (size != 0 && (size < 1e-4 || size >= 1e9)) {
    char text[64];
    std::snprintf(text, sizeof text, "%.*e", digits - 1, value);
    return text;
  }
  const int whole = size > 0 ? static_cast<int>(std::floor(std::log10(size))) + 1 : 1;
  std::string text = fixed(value, std::max(0, digits - whole));
  if (text.find('.') != std::string::npos) {
    text.erase(text.find_last_not_of('0') + 1);
    if (text.back() == '.') text.pop_back();
  }
  return text;
}

std::string percent(double fraction, int places) {
  return std::isnan(fraction) ? "-" : fixed(100 * fraction, places) + " %";
}

std::string with_error(const Summary& summary) {
  if (summary.count == 0 || std::isnan(summary.mean)) return "-";
  if (summary.standard_error <= 0) return number(summary.mean);
  const int places =
      std::clamp(1 - static_cast<int>(std::floor(std::log10(summary.standard_error))), 0, 6);
  return fixed(summary.mean, places) + " ± " + fixed(summary.standard_error, places);
}

}  // namespace syncline::repro
