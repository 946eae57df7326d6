#include "mnist_softmax.hpp"

#include <cstdio>

#include "record.hpp"

namespace syncline::repro {
namespace {

constexpr double deviation = 0.3081;  ///< of MNIST's pixels (docs/data.md)
constexpr double paper_lambda = 0.01, paper_init = 0.01;

/// To six digits, so that a stored configuration is the same on every machine.
double six_digits(double value) { return rounded(value).get<double>(); }

std::string general(double value, int digits) {
  char text[32];
  std::snprintf(text, sizeof text, "%.*g", digits, value);
  return text;
}

}  // namespace

RunConfig mnist_softmax(double eta, Pixels pixels) {
  const double scale = pixels == Pixels::paper ? deviation : 1;
  RunConfig config;
  config.fleet.workers = 8;
  config.model.workload = "softmax(lambda=" + general(paper_lambda / (scale * scale), 6) +
                          ", init=" + general(paper_init * scale, 6) + ")";
  config.model.data = "mnist";
  config.model.batch = 1;
  config.optimizer.step_size = six_digits(eta * scale * scale);
  return config;
}

std::string translation(double eta) {
  const double square = deviation * deviation;
  return "The paper's inputs are, as far as can be told, pixels from 0 to 1; ours are (pixel - "
         "0.1307) / 0.3081. Weights W on the former are 0.3081 W on the latter, and a step of eta "
         "on W is one of 0.3081² eta on 0.3081 W. So eta = " +
         general(eta, 3) + " becomes " + general(eta * square, 3) + ", lambda = 0.01 becomes " +
         general(paper_lambda / square, 4) + ", and weights start with deviation " +
         general(paper_init * deviation, 3) +
         " instead of 0.01. What stays unequal: our pixels are centred, and the bias moves by the "
         "smaller step too.";
}

}  // namespace syncline::repro
