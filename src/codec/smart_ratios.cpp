#include "codec/smart_ratios.hpp"

#include <algorithm>
#include <cmath>

#include "syncline/error.hpp"

namespace syncline {
namespace {

std::size_t whole_part(double x) { return static_cast<std::size_t>(std::floor(x)); }

double share_of(const Arguments& arguments, std::string_view name, bool one_allowed) {
  const double share = arguments.non_negative(name);
  if (share > 1 || (share == 1 && !one_allowed)) {
    arguments.refuse(name, one_allowed ? "must be at most 1" : "must be below 1");
  }
  return share;
}

bool uniform(const Arguments& arguments) {
  const std::string& shape = arguments.text("shape");
  if (shape != "quadratic" && shape != "uniform") {
    arguments.refuse("shape", "must be quadratic or uniform");
  }
  if (shape == "uniform" && arguments.boolean("vgg")) {
    arguments.refuse("vgg", "must be no with shape=uniform");
  }
  return shape == "uniform";
}

std::vector<double> raw_scores(std::size_t layers, const Arguments& arguments) {
  if (uniform(arguments)) return std::vector<double>(layers, 1.0);
  const bool vgg = arguments.boolean("vgg");
  std::vector<double> scores;
  for (std::size_t l = 1; l <= layers; ++l) {
    const auto left = static_cast<double>(layers - l + 1);
    const auto place = static_cast<double>(l);
    scores.push_back((left * left + left) / (vgg ? place * place : 1));
  }
  return scores;
}

/// The weights that all convolutions together keep.
double budget(double all, double linear, double sparsity, double linear_keep,
              const Arguments& arguments) {
  const double left = std::floor(all * (1 - sparsity)) - std::floor(linear_keep * linear);
  if (left <= 0) {
    arguments.refuse("sparsity", "must leave weights to the convolutions (the linear layers have " +
                                     std::to_string(whole_part(linear)) + " of " +
                                     std::to_string(whole_part(all)) +
                                     ": linear_keep must be lower)");
  }
  if (left > all - linear) {
    arguments.refuse("sparsity",
                     "must be higher (the convolutions have no more weights to keep, so else "
                     "linear_keep must be higher)");
  }
  return left;
}

/// What does not fit into a layer is carried to the next, in whole weights.
std::size_t with_surplus(double ratio, std::size_t size, std::size_t& surplus) {
  const auto n = static_cast<double>(size);
  if (ratio >= 1) {
    surplus += whole_part((ratio - 1) * n);
    return size;
  }
  const std::size_t room = whole_part((1 - ratio) * n);
  if (room < surplus) {
    surplus -= room;
    return size;
  }
  const std::size_t kept = whole_part((ratio + static_cast<double>(surplus) / n) * n);
  surplus = 0;
  return std::min(kept, size);
}

}  // namespace

std::vector<std::size_t> smart_counts(std::span<const PrunableLayer> layers,
                                      const Arguments& arguments) {
  if (layers.empty()) {
    throw ConfigError("'" + to_text(arguments.spec()) +
                      "': the model has no weights of two or four dimensions to thin out");
  }
  double all = 0, linear = 0, scored = 0;
  const std::vector<double> scores = raw_scores(layers.size(), arguments);
  for (std::size_t i = 0; i < layers.size(); ++i) {
    const auto size = static_cast<double>(layers[i].size);
    all += size;
    (layers[i].convolution ? scored : linear) +=
        layers[i].convolution ? std::floor(size * scores[i]) : size;
  }
  const double sparsity = share_of(arguments, "sparsity", false);
  const double linear_keep = share_of(arguments, "linear_keep", true);
  const bool only_linear = linear == all;
  const double linear_ratio = only_linear ? 1 - sparsity : linear_keep;
  // The scores of a few tiny convolutions may all be rounded down to 0.
  const double unit =
      only_linear ? 0
                  : budget(all, linear, sparsity, linear_keep, arguments) / std::max(scored, 1.0);

  std::vector<std::size_t> counts;
  std::size_t surplus = 0;
  for (std::size_t i = 0; i < layers.size(); ++i) {
    const std::size_t size = layers[i].size;
    counts.push_back(layers[i].convolution ? with_surplus(scores[i] * unit, size, surplus)
                                           : whole_part(linear_ratio * static_cast<double>(size)));
    if (counts.back() == 0) {
      const bool kept_by_linear = !layers[i].convolution && !only_linear;
      arguments.refuse(kept_by_linear ? "linear_keep" : "sparsity",
                       std::string("must be ") + (kept_by_linear ? "higher" : "lower") +
                           " (none of the " + std::to_string(size) + " weights of " +
                           layers[i].name + " would be left)");
    }
  }
  return counts;
}

}  // namespace syncline
