#include "policy/classical/step_gain.hpp"

#include <algorithm>
#include <cmath>

#include <nlohmann/json.hpp>

namespace syncline {
namespace {

/// Windows that the curvature is a mean over.
constexpr double curvature_windows = 10;

}  // namespace

void StepGain::stepped(double k, double norm, double dot, double spread, double factor) {
  Step step = {k, norm * norm, steps_.empty() ? 0 : dot, 0, 0, factor};
  if (k > 1) {
    step.variance = spread;
    step.freedom = k - 1;
  } else if (!steps_.empty()) {
    const Step& before = steps_.back();
    step.variance = (step.square + before.square - 2 * dot) / (1 / k + 1 / before.k);
    step.freedom = 1;
  }
  // What is no number says nothing; the run ends for it anyway.
  if (!std::isfinite(step.square) || !std::isfinite(step.dot) || !std::isfinite(step.variance)) {
    return;
  }
  if (steps_.size() == window_) steps_.pop_front();
  steps_.push_back(step);
  if (steps_.size() > 1) learn_curvature();
}

double StepGain::variance() const {
  double sum = 0;
  double freedom = 0;
  for (const Step& step : steps_) {
    sum += step.freedom * step.variance;
    freedom += step.freedom;
  }
  return freedom > 0 ? sum / freedom : 0;
}

void StepGain::learn_curvature() {
  const double noise = variance();
  double change = 0;
  double squares = 0;
  for (std::size_t i = 1; i < steps_.size(); ++i) {
    const Step& before = steps_[i - 1];
    change += before.square - noise / before.k - steps_[i].dot;
    squares += before.factor * before.square;
  }
  if (squares <= 0) return;
  learnt_ = std::min(learnt_ + 1, curvature_windows * static_cast<double>(window_));
  curvature_ += (change / squares - curvature_) / learnt_;
}

double StepGain::gain(double k, double factor) const {
  const double noise = variance();
  double slope = 0;
  for (const Step& step : steps_) slope += step.square - noise / step.k;
  slope = std::max(0.0, slope / static_cast<double>(steps_.size()));
  const double cost = std::max(0.0, curvature_) * factor / 2;
  return factor * ((1 - cost) * slope - cost * noise / k);
}

nlohmann::json StepGain::state() const {
  nlohmann::json steps = nlohmann::json::array();
  for (const Step& step : steps_) {
    steps.push_back({step.k, step.square, step.dot, step.variance, step.freedom, step.factor});
  }
  return {{"steps", steps}, {"curvature", curvature_}, {"learnt", learnt_}};
}

void StepGain::restore(const nlohmann::json& state) {
  steps_.clear();
  for (const auto& step : state.at("steps")) {
    steps_.push_back({step.at(0), step.at(1), step.at(2), step.at(3), step.at(4), step.at(5)});
  }
  state.at("curvature").get_to(curvature_);
  state.at("learnt").get_to(learnt_);
}

}  // namespace syncline
