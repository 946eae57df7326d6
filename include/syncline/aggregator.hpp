#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "syncline/registry.hpp"

namespace syncline {

/// The payloads that a slot holds, on their way to one vector. A payload is a gradient, then
/// batch-norm statistics; what an aggregator decides (whom to trust), it decides by the gradients.
/// Not thread-safe; owned by one parameter server.
template <class Real>
class Aggregator {
 public:
  virtual ~Aggregator() = default;

  /// Adds a payload. `weight` is what the policy gave it, 1/K for a mean of K, times what transform
  /// and step size rule made of it.
  virtual void add(double weight, std::span<const Real> payload) = 0;

  /// The aggregate, at the scale of the weights: sum w_i g_i for the mean, and (sum w_i) times the
  /// rule's vector for every other rule. Valid, and free to be changed, until the next call.
  /// REQUIRES: !empty().
  virtual std::span<Real> result() = 0;

  virtual void clear() = 0;

  [[nodiscard]] bool empty() const { return count() == 0; }
  [[nodiscard]] virtual std::size_t count() const = 0;
  /// Sum of the weights, by which statistics (not gradients) are normalised.
  [[nodiscard]] virtual double weight() const = 0;

  // For checkpoints: numbers, then vectors, whose count and lengths restore() puts right.
  [[nodiscard]] virtual nlohmann::json state() const = 0;
  virtual void restore(const nlohmann::json& state) = 0;
  [[nodiscard]] virtual std::vector<std::vector<Real>*> vectors() = 0;
};

/// What an aggregator relies on.
struct AggregatorNeeds {
  std::uint64_t payloads = 1;     ///< in every step, at least
  bool distinct_workers = false;  ///< at most one payload of each worker
  bool whole_vectors = false;     ///< lengths, distances: not what each coordinate is by itself
};

/// The shape of what is aggregated.
struct AggregatorShape {
  std::size_t dimension = 0;  ///< of the gradient
  std::size_t length = 0;     ///< of a payload: dimension and batch-norm statistics
  std::uint64_t seed = 0;     ///< for rules that shuffle
};

/// A factory makes the aggregator in both precisions.
struct AggregatorFactory {
  std::function<AggregatorNeeds(const Arguments&)> needs;
  std::function<std::unique_ptr<Aggregator<float>>(const Arguments&, const AggregatorShape&)>
      single;
  std::function<std::unique_ptr<Aggregator<double>>(const Arguments&, const AggregatorShape&)> full;
};

/// mean, and the rules that bear faulty workers (docs/robust.md).
[[nodiscard]] const Registry<AggregatorFactory>& aggregators();

template <class Real>
[[nodiscard]] std::unique_ptr<Aggregator<Real>> make_aggregator(std::string_view spec,
                                                                const AggregatorShape& shape);

/// What the aggregator of that text relies on. Throws ConfigError.
[[nodiscard]] AggregatorNeeds aggregator_needs(std::string_view spec);

}  // namespace syncline
