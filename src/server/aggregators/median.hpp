#pragma once

#include "server/aggregators/middle_mean.hpp"

namespace syncline {

/// Per coordinate the median; of an even number, the mean of the two in the middle.
/// (Yin, Chen, Ramchandran, Bartlett, arXiv 1803.01498.)
template <class Real>
class Median final : public PayloadSet<Real> {
 public:
  Median(const Arguments&, const AggregatorShape& shape) : PayloadSet<Real>(shape) {}

 protected:
  void aggregate(const Payloads<Real>& payloads, std::span<Real> result) override {
    middle_mean(payloads, (payloads.size() - 1) / 2, result);
  }
};

}  // namespace syncline
