#include "fig09_trials.hpp"

#include "record.hpp"

namespace syncline::repro {
namespace {

constexpr double eta = 0.01;
/// Of the grey pixels: what the translation of Figure 8's page would divide them by.
constexpr double deviation = 0.24;

struct Step {
  double size = 0;
  double limit = 0;  ///< of the squared distance, beyond which it is cut; 0: fixed
};

Trial trial(const std::string& key, const std::string& title, int color, const Step& step,
            Scale scale) {
  Trial trial{key, title, color, {}};
  RunConfig& config = trial.config;
  config.policy = "async";
  config.fleet.workers = 40;
  config.fleet.delay = "exponential(rate=20)";
  config.model.workload = "softmax(lambda=0.05, init=0.01)";
  config.model.data = "cifar10-grey";
  config.model.batch = 250;
  config.optimizer.step_size = step.size;
  if (step.limit > 0) {
    config.optimizer.rule = "staleness(c=" + rounded(step.size * step.limit).dump() + ")";
  }
  config.stop.updates = scale == Scale::full ? 2000 : 200;
  return trial;
}

}  // namespace

std::vector<Trial> paper_trials(Scale scale) {
  return {trial("compensated", "compensated, at most 0.01", 1, {eta, cut_limit}, scale),
          trial("fixed", "fixed, 0.01", color::async, {eta}, scale)};
}

std::vector<Trial> smaller_trials(Scale scale) {
  return {trial("fixed-0.005", "fixed, 0.005", 3, {0.005}, scale),
          trial("fixed-0.0025", "fixed, 0.0025", 4, {0.0025}, scale),
          trial("fixed-0.00125", "fixed, 0.00125", 0, {0.00125}, scale)};
}

std::vector<Trial> translated_trials(Scale scale) {
  constexpr double square = deviation * deviation;
  std::vector<Trial> trials = {
      trial("compensated-translated", "compensated, translated", 1,
            {rounded(eta * square).get<double>(), cut_limit * square}, scale),
      trial("fixed-translated", "fixed, translated", color::async,
            {rounded(eta * square).get<double>()}, scale)};
  for (Trial& trial : trials) {
    trial.config.model.workload = "softmax(lambda=" + rounded(0.05 / square).dump() +
                                  ", init=" + rounded(0.01 * deviation).dump() + ")";
  }
  return trials;
}

}  // namespace syncline::repro
