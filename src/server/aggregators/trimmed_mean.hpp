#pragma once

#include "server/aggregators/middle_mean.hpp"

namespace syncline {

/// Per coordinate the mean without the b largest and the b smallest values.
/// (Yin, Chen, Ramchandran, Bartlett, arXiv 1803.01498.)
template <class Real>
class TrimmedMean final : public PayloadSet<Real> {
 public:
  TrimmedMean(const Arguments& arguments, const AggregatorShape& shape)
      : PayloadSet<Real>(shape), b_(arguments.whole("b")) {}

 protected:
  void aggregate(const Payloads<Real>& payloads, std::span<Real> result) override {
    middle_mean(payloads, bearable(b_, payloads.size(), 2, 1), result);
  }

 private:
  std::size_t b_;
};

}  // namespace syncline
