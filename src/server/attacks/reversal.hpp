#pragma once

#include "server/attacks/bad_workers.hpp"
#include "syncline/attack.hpp"

namespace syncline {

/// g <- -scale g: uphill, as far as you like.
template <class Real>
class Reversal : public Attack<Real> {
 public:
  Reversal(const Arguments& arguments, const AggregatorShape& shape, std::uint32_t workers)
      : Reversal(arguments, shape, workers, arguments.positive("scale")) {}

  void apply(WorkerId, std::uint64_t, std::span<Real> payload) override {
    for (Real& g : payload.first(dimension_)) g *= factor_;
  }

 protected:
  Reversal(const Arguments& arguments, const AggregatorShape& shape, std::uint32_t workers,
           double scale)
      : Attack<Real>(bad_workers(arguments, workers)),
        dimension_(shape.dimension),
        factor_(static_cast<Real>(-scale)) {}

 private:
  std::size_t dimension_;
  Real factor_;
};

/// g <- -g: of the right length, and so the hardest to tell by its length.
template <class Real>
class SignFlip final : public Reversal<Real> {
 public:
  SignFlip(const Arguments& arguments, const AggregatorShape& shape, std::uint32_t workers)
      : Reversal<Real>(arguments, shape, workers, 1) {}
};

/// -g, and often: a bad worker computes, or pretends to, rho times as fast as its law says, so that
/// an asynchronous server hears of it more than of others (THROTTLE's experiments, up to rho = 30).
template <class Real>
class Flooding final : public Reversal<Real> {
 public:
  Flooding(const Arguments& arguments, const AggregatorShape& shape, std::uint32_t workers)
      : Reversal<Real>(arguments, shape, workers, 1), rho_(arguments.positive("rho")) {}

  [[nodiscard]] double pace() const override { return rho_; }

 private:
  double rho_;
};

}  // namespace syncline
