#pragma once

#include <nlohmann/json.hpp>

#include "syncline/transform.hpp"

namespace syncline {

/// Turns a displacement from the version that was read, w_read - y, into one from the present,
/// w_now - y, so that a step of scale alpha gives (1 - alpha) w_now + alpha y (FedAsync).
template <class Real>
class Interpolation final : public Transform<Real> {
 public:
  Interpolation(const Arguments&, const TransformShape&) {}

  double apply(WorkerId, std::span<Real> displacement, std::span<const Real> now,
               std::span<const Real> read) override {
    for (std::size_t i = 0; i < displacement.size(); ++i) displacement[i] += now[i] - read[i];
    return 1;
  }

  [[nodiscard]] nlohmann::json state() const override { return nullptr; }
  void restore(const nlohmann::json&) override {}
  [[nodiscard]] std::vector<std::vector<Real>*> vectors() override { return {}; }
};

}  // namespace syncline
