#pragma once

#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

#include "server/aggregators_brute_force.hpp"
#include "syncline/aggregator.hpp"
#include "syncline/random.hpp"

namespace syncline {

using brute_force::Vector;
using brute_force::Vectors;

inline constexpr AggregatorShape small_shape = {3, 5, 1};

/// At least one of each rule of the registry.
inline const std::vector<std::string> all_rules = {
    "mean",
    "median",
    "trimmed-mean(b=1)",
    "krum(b=1)",
    "multi-krum(b=1)",
    "bulyan(b=1)",
    "geometric-median",
    "centred-clipping(radius=2)",
    "bucketing",
    "bucketing(size=3, rule=centred-clipping(radius=1))"};

/// Small whole numbers, which often tie and whose sums are exact, or normal ones.
inline Vectors draw(DrawStream& stream, std::size_t count, std::size_t length, bool whole) {
  Vectors vectors(count, Vector(length));
  for (Vector& vector : vectors) {
    for (double& x : vector) {
      x = whole ? static_cast<double>(stream.below(4)) - 1 : stream.normal();
    }
  }
  return vectors;
}

template <class Real>
void add_all(Aggregator<Real>& aggregator, const Vectors& payloads, double weight) {
  for (const Vector& payload : payloads) {
    aggregator.add(weight, std::vector<Real>(payload.begin(), payload.end()));
  }
}

template <class Real>
Vector take(Aggregator<Real>& aggregator) {
  const auto result = aggregator.result();
  Vector copy(result.begin(), result.end());
  aggregator.clear();
  return copy;
}

template <class Real = double>
Vector aggregate(const std::string& rule, const Vectors& payloads, const AggregatorShape& shape) {
  const auto aggregator = make_aggregator<Real>(rule, shape);
  add_all(*aggregator, payloads, 1.0 / static_cast<double>(payloads.size()));
  return take(*aggregator);
}

inline bool close(const Vector& a, const Vector& b, double tolerance) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (!(std::abs(a[i] - b[i]) <= tolerance * (1 + std::abs(b[i])))) return false;
  }
  return true;
}

inline std::string with_b(const std::string& rule, std::size_t b) {
  return rule + "(b=" + std::to_string(b) + ")";
}

}  // namespace syncline
