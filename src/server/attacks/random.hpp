#pragma once

#include "server/attacks/bad_workers.hpp"
#include "syncline/attack.hpp"
#include "syncline/random.hpp"

namespace syncline {

/// g <- deviation N(0, 1) in each coordinate: nothing that was learnt. The draws depend on seed,
/// worker and job alone.
template <class Real>
class RandomAttack final : public Attack<Real> {
 public:
  RandomAttack(const Arguments& arguments, const AggregatorShape& shape, std::uint32_t workers)
      : Attack<Real>(bad_workers(arguments, workers)),
        shape_(shape),
        deviation_(arguments.positive("deviation")) {}

  void apply(WorkerId worker, std::uint64_t job, std::span<Real> payload) override {
    DrawStream stream(Stream::attack, {shape_.seed, worker, job});
    for (Real& g : payload.first(shape_.dimension)) {
      g = static_cast<Real>(deviation_ * stream.normal());
    }
  }

 private:
  AggregatorShape shape_;
  double deviation_;
};

}  // namespace syncline
