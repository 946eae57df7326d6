#include "pixels.hpp"

#include <cmath>
#include <numeric>

#include "record.hpp"
#include "syncline/dataset.hpp"
#include "words.hpp"
#include "workload/data/normaliser.hpp"

namespace syncline::repro {
namespace {

using Matrix = std::vector<std::vector<double>>;  ///< a row for each sample

/// Odd: MNIST's samples of even and of odd number are not alike, E ||x||^2 is 82 and 94.
constexpr std::size_t every = 7;

/// Six digits for the data sets here, whose second eigenvalue is far below the first.
constexpr int power_iterations = 30;

double dot(const std::vector<double>& a, const std::vector<double>& b) {
  return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
}

double size_of(const Matrix& inputs) {
  double sum = 0;
  for (const auto& x : inputs) sum += dot(x, x);
  return sum / static_cast<double>(inputs.size());
}

/// By power iteration on the mean of x x'.
double top_eigenvalue(const Matrix& inputs) {
  const std::size_t features = inputs.front().size();
  std::vector<double> direction(features, 1 / std::sqrt(static_cast<double>(features)));
  double eigenvalue = 0;
  for (int i = 0; i < power_iterations; ++i) {
    std::vector<double> image(features, 0);
    for (const auto& x : inputs) {
      const double share = dot(x, direction) / static_cast<double>(inputs.size());
      for (std::size_t f = 0; f < features; ++f) image[f] += share * x[f];
    }
    eigenvalue = std::sqrt(dot(image, image));
    for (std::size_t f = 0; f < features; ++f) direction[f] = image[f] / eigenvalue;
  }
  return eigenvalue;
}

Json scale_of(const Matrix& inputs) {
  return {{"size", rounded(size_of(inputs))}, {"top", rounded(top_eigenvalue(inputs))}};
}

}  // namespace

Json input_scale(const std::string& data) {
  const auto dataset = load_dataset(data, "");
  const Normaliser<double> normaliser(*dataset);
  // Pixels that are no whole numbers any more, grey values, are kept from 0 to 255.
  const double unit = dataset->train.bytes.empty() ? 1.0 / 255 : 1;
  const double mean = unit * dataset->mean.front(), deviation = unit * dataset->deviation.front();
  Matrix normalised, raw;
  for (std::size_t sample = 0; sample < dataset->train.count; sample += every) {
    std::vector<double> x(dataset->features());
    normaliser.write(dataset->train, sample, x.data());
    normalised.push_back(x);
    for (double& value : x) value = mean + deviation * value;
    raw.push_back(std::move(x));
  }
  return {{"raw", scale_of(raw)}, {"normalised", scale_of(normalised)}};
}

std::string scale_sentence(const Json& input_scale) {
  if (input_scale.is_null()) return "";
  const Json &raw = input_scale.at("raw"), &ours = input_scale.at("normalised");
  const auto text = [&](const char* what) {
    const double before = raw.at(what), after = ours.at(what);
    return "is " + number(before, 3) + " for pixels from 0 to 1 and " + number(after, 3) +
           " for ours, " + number(after / before, 2) + " times as much";
  };
  return "E ||x||², which the noise of a gradient grows with, " + text("size") +
         "; the largest eigenvalue of E x x', which the curvature grows with, " + text("top") +
         " (measured on every seventh training sample). ";
}

}  // namespace syncline::repro
