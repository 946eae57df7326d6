#pragma once

#include <algorithm>
#include <limits>

#include "server/attacks/bad_workers.hpp"
#include "syncline/attack.hpp"

namespace syncline {

/// g <- NaN in each coordinate: what a worker sends whose computation has run out of range.
template <class Real>
class NotANumber final : public Attack<Real> {
 public:
  NotANumber(const Arguments& arguments, const AggregatorShape& shape, std::uint32_t workers)
      : Attack<Real>(bad_workers(arguments, workers)), dimension_(shape.dimension) {}

  void apply(WorkerId, std::uint64_t, std::span<Real> payload) override {
    std::fill_n(payload.begin(), dimension_, std::numeric_limits<Real>::quiet_NaN());
  }

 private:
  std::size_t dimension_;
};

}  // namespace syncline
