#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "syncline/event.hpp"
#include "syncline/registry.hpp"

namespace syncline {

/// What is done to one gradient on its arrival, before it goes into a slot. Not thread-safe; owned
/// by one parameter server.
template <class Real>
class Transform {
 public:
  virtual ~Transform() = default;

  /// May change the gradient of `worker` in place; returns the factor by which its weight is
  /// multiplied. `now` and `read` are the parameters at this moment and those that the gradient was
  /// computed at.
  virtual double apply(WorkerId worker, std::span<Real> gradient, std::span<const Real> now,
                       std::span<const Real> read) = 0;

  // For checkpoints: numbers, then vectors, whose count and lengths restore() puts right.
  [[nodiscard]] virtual nlohmann::json state() const = 0;
  virtual void restore(const nlohmann::json& state) = 0;
  [[nodiscard]] virtual std::vector<std::vector<Real>*> vectors() { return {}; }
};

class Totals;

/// What a transform is made for.
struct TransformShape {
  std::size_t dimension = 0;  ///< of a gradient
  std::uint32_t workers = 1;
  Totals* totals = nullptr;  ///< for norms, where `dimension` is that of a shard; null: it is whole
};

/// A factory makes the transform in both precisions.
struct TransformFactory {
  std::function<std::unique_ptr<Transform<float>>(const Arguments&, const TransformShape&)> single;
  std::function<std::unique_ptr<Transform<double>>(const Arguments&, const TransformShape&)> full;
};

/// none, clip, adaptive clip, delay compensation (docs/transforms.md).
[[nodiscard]] const Registry<TransformFactory>& transforms();

/// Null for `none`.
template <class Real>
[[nodiscard]] std::unique_ptr<Transform<Real>> make_transform(std::string_view spec,
                                                              const TransformShape& shape);

}  // namespace syncline
