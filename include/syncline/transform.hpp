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

/// What is done to one gradient on its arrival, before it goes into a slot. Not thread-safe; owned
/// by one parameter server.
template <class Real>
class Transform {
 public:
  virtual ~Transform() = default;

  /// May change the gradient in place; returns the factor by which its weight is multiplied. `now`
  /// and `read` are the parameters at this moment and those that the gradient was computed at.
  virtual double apply(std::span<Real> gradient, std::span<const Real> now,
                       std::span<const Real> read) = 0;

  // For checkpoints: numbers, then vectors, whose count and lengths restore() puts right.
  [[nodiscard]] virtual nlohmann::json state() const = 0;
  virtual void restore(const nlohmann::json& state) = 0;
  [[nodiscard]] virtual std::vector<std::vector<Real>*> vectors() { return {}; }
};

/// A factory makes the transform in both precisions for gradients of the given dimension.
struct TransformFactory {
  std::function<std::unique_ptr<Transform<float>>(const Arguments&, std::size_t)> single;
  std::function<std::unique_ptr<Transform<double>>(const Arguments&, std::size_t)> full;
};

/// none, clip, adaptive clip, delay compensation (docs/transforms.md).
[[nodiscard]] const Registry<TransformFactory>& transforms();

/// Null for `none`.
template <class Real>
[[nodiscard]] std::unique_ptr<Transform<Real>> make_transform(std::string_view spec,
                                                              std::size_t dimension);

}  // namespace syncline
