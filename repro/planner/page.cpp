#include "page.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace syncline::proof {
namespace {

using Json = nlohmann::ordered_json;

std::string number(const Json& value) {
  if (!value.is_number()) return "-";
  char text[32];
  std::snprintf(text, sizeof text, "%.3g", value.get<double>());
  return text;
}

std::string name(const Json& measured) {
  return measured.is_null()
             ? "-"
             : measured.at("policy").get<std::string>() + ", " + number(measured.at("step_size"));
}

Json field(const Json& measured, const char* key) {
  return measured.is_null() ? Json(nullptr) : measured.at(key);
}

double median(std::vector<double> values) {
  if (values.empty()) return NAN;
  std::sort(values.begin(), values.end());
  const std::size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

/// |predicted / measured - 1| of every candidate that has both.
std::vector<double> absolute_errors(const std::vector<Json>& verdicts) {
  std::vector<double> errors;
  for (const Json& verdict : verdicts) {
    for (const Json& candidate : verdict.at("candidates")) {
      if (!candidate.at("measured").is_number() || candidate.at("predicted") == 0.0) continue;
      errors.push_back(std::abs(
          candidate.at("predicted").get<double>() / candidate.at("measured").get<double>() - 1));
    }
  }
  return errors;
}

/// The same for the ratio to plain sync.
std::vector<double> ratio_errors(const std::vector<Json>& verdicts) {
  std::vector<double> errors;
  for (const Json& verdict : verdicts) {
    const Json& sync = verdict.at("sync");
    if (sync.is_null() || sync.at("predicted") == 0.0) continue;
    const double bias = sync.at("measured").get<double>() / sync.at("predicted").get<double>();
    for (const Json& candidate : verdict.at("candidates")) {
      if (!candidate.at("measured").is_number() || candidate.at("predicted") == 0.0) continue;
      if (candidate.at("policy") == "sync") continue;
      errors.push_back(std::abs(candidate.at("predicted").get<double>() * bias /
                                    candidate.at("measured").get<double>() -
                                1));
    }
  }
  return errors;
}

std::string table(const std::vector<Json>& verdicts) {
  std::string text =
      "| case | recommended | predicted | measured | best of all | measured | sync | |\n"
      "|---|---|---|---|---|---|---|---|\n";
  for (const Json& verdict : verdicts) {
    const Json& recommended = verdict.at("recommended");
    const Json& best = verdict.at("best");
    text += "| " + verdict.at("case").get<std::string>() + " | " + name(recommended) + " | " +
            number(field(recommended, "predicted")) + " | " +
            number(field(recommended, "measured")) + " | " + name(best) + " | " +
            number(field(best, "measured")) + " | " +
            number(field(verdict.at("sync"), "measured")) + " | " +
            (verdict.at("hit").get<bool>() ? "" : "miss") + " |\n";
  }
  return text;
}

std::string summary(const std::vector<Json>& verdicts) {
  const auto hits = std::count_if(verdicts.begin(), verdicts.end(),
                                  [](const Json& verdict) { return verdict.at("hit") == true; });
  std::vector<double> seconds;
  for (const Json& verdict : verdicts) seconds.push_back(verdict.at("plan_seconds"));
  const auto ratios = ratio_errors(verdicts);
  const auto absolute = absolute_errors(verdicts);
  char text[512];
  std::snprintf(text, sizeof text,
                "%zu of %zu hits. Predicted against measured, median error over all candidates "
                "that reached the target: %.0f %% in time (%zu of them), %.0f %% in the ratio to "
                "plain sync. A plan took %.1f s in the median, %.1f s at most.\n\n",
                static_cast<std::size_t>(hits), verdicts.size(), 100 * median(absolute),
                absolute.size(), 100 * median(ratios), median(seconds),
                seconds.empty() ? 0 : *std::max_element(seconds.begin(), seconds.end()));
  return text;
}

}  // namespace

std::string proof_page(const std::vector<Json>& analytic, const std::vector<Json>& softmax,
                       const std::vector<Json>& cnn) {
  std::string text = R"text(# The planner against the truth

In each case the planner is asked which policy, K and step size reach a target first. Then every
candidate that it looked at is trained with real gradients, on seeds that the planner did not use, and
the fastest of them is the truth. A *hit*: the recommended one needs at most 10 % more than the
fastest, plus two standard errors. Names are followed by the step size; times are virtual.

The cases are not quite blind. After a first round (71 of 72 quadratics with two simulated runs of each
candidate; misses in two CNN cases with one pilot, which can't know what stale gradients cost) the
planner got more simulated runs, and learnt to take several pilots. What follows is the round after that.

Made by `planner_proof` (`repro/planner/`), which stores what it measured beside this page.

)text";
  if (!analytic.empty()) {
    text +=
        "## Quadratics\n\nThe easy part: the planner's model is a quadratic too, though of fewer "
        "directions. The planner measures the workload's constants at its start "
        "(`--measure`), and simulates. Candidates: every K of four variants at three step "
        "sizes, and `auto`; 10 seeds.\n\n" +
        summary(analytic) + table(analytic);
  }
  if (!softmax.empty()) {
    text +=
        "\n## Softmax regression on Fashion-MNIST\n\nNo quadratic: the planner measures constants "
        "at the start, and curvature and noise change on the way. Candidates as above; 5 "
        "seeds.\n\n" +
        summary(softmax) + table(softmax);
  }
  if (!cnn.empty()) {
    text +=
        "\n## LeNet-type CNN on Fashion-MNIST\n\nThe planner sees the logs of three pilot runs "
        "from "
        "one start, of 800 updates each, under sync, k-batch-sync(k=2) and async, and fits the "
        "delays to the first. One step size; 3 seeds. Candidates that it expects to be more than "
        "twice as slow as the best are not tried.\n\n" +
        summary(cnn) + table(cnn);
  }
  return text;
}

}  // namespace syncline::proof
