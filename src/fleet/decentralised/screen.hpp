#pragma once

#include <algorithm>
#include <cmath>

#include "fleet/decentralised/mixing.hpp"

namespace syncline {

/// A mixing that bears up to b faulty neighbours: BRIDGE (Fang, Yang, Bajwa, arXiv 1908.08098).
/// Models that are not finite are left out; where then fewer are left than b needs, the screen acts
/// for the largest b that they are enough for.
template <class Real>
class Screen : public Mixing<Real> {
 public:
  void mix(WorkerId, std::span<const Real> own, const Payloads<Real>& neighbours,
           std::span<Real> result) const final {
    Payloads<Real> finite;
    for (const auto& model : neighbours) {
      if (is_finite(model)) finite.push_back(model);
    }
    screen(own, finite, result);
  }

 protected:
  Screen(const Arguments& arguments, const AggregatorShape& shape)
      : b_(arguments.whole("b")), dimension_(shape.dimension) {}

  virtual void screen(std::span<const Real> own, const Payloads<Real>& neighbours,
                      std::span<Real> result) const = 0;

  [[nodiscard]] std::size_t b() const { return b_; }
  [[nodiscard]] std::size_t dimension() const { return dimension_; }  ///< what distances look at

  /// The neighbours and, last, the node itself, if it is finite or the only one.
  static Payloads<Real> with_own(std::span<const Real> own, Payloads<Real> neighbours) {
    if (neighbours.empty() || is_finite(own)) neighbours.push_back(own);
    return neighbours;
  }

 private:
  static bool is_finite(std::span<const Real> model) {
    return std::all_of(model.begin(), model.end(), [](Real x) { return std::isfinite(x); });
  }

  std::size_t b_;
  std::size_t dimension_;
};

}  // namespace syncline
