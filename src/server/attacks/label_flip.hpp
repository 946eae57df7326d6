#pragma once

#include "server/attacks/bad_workers.hpp"
#include "syncline/attack.hpp"

namespace syncline {

/// An honest gradient of false data: bad workers take classes - 1 - y for each label y, so what
/// they send is done when it arrives.
template <class Real>
class LabelFlip final : public Attack<Real> {
 public:
  LabelFlip(const Arguments& arguments, const AggregatorShape&, std::uint32_t workers)
      : Attack<Real>(bad_workers(arguments, workers)) {}

  void apply(WorkerId, std::uint64_t, std::span<Real>) override {}
  [[nodiscard]] bool flips_labels() const override { return true; }
};

}  // namespace syncline
