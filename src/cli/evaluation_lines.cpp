#include "cli/evaluation_lines.hpp"

#include <cmath>
#include <cstdio>
#include <string>

#include "cli/console.hpp"

namespace syncline {
namespace {

std::string cell(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%14.6g", value);
  return std::isnan(value) ? "             -" : text;
}

}  // namespace

void EvaluationLines::show(const Evaluated& evaluated) {
  progress_.wipe();
  if (!headed_) print("          time    update    test error     test loss    train loss\n");
  headed_ = true;
  char update[32];
  std::snprintf(update, sizeof update, "%10llu", static_cast<unsigned long long>(evaluated.update));
  print(cell(evaluated.time) + update + cell(evaluated.test_error) + cell(evaluated.test_loss) +
        cell(evaluated.train_loss) + "\n");
}

void EvaluationLines::note(double time, const std::string& text) {
  progress_.wipe();
  print(cell(time) + "  " + text + "\n");
}

}  // namespace syncline
