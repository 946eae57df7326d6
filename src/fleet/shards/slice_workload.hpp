#pragma once

#include <memory>
#include <vector>

#include "fleet/shards/slices.hpp"
#include "syncline/error.hpp"
#include "syncline/workload.hpp"

namespace syncline {

/// The part of a model that a shard holds: enough for a parameter server, which computes no
/// gradients.
template <class Real>
class SliceWorkload final : public Workload<Real> {
 public:
  SliceWorkload(std::shared_ptr<const Workload<Real>> whole, Slices slices, std::uint32_t shard)
      : whole_(std::move(whole)), slices_(slices), shard_(shard) {}

  [[nodiscard]] std::size_t dimension() const override { return slices_.parameters(shard_); }
  [[nodiscard]] std::size_t buffers() const override { return slices_.buffers(shard_); }
  [[nodiscard]] double buffer_momentum() const override { return whole_->buffer_momentum(); }
  void initialise(std::uint64_t seed, std::span<Real> state) const override {
    std::vector<Real> all(whole_->dimension() + whole_->buffers());
    whole_->initialise(seed, all);
    const auto part = slices_.part(shard_, std::span<Real>(all));
    std::copy(part.begin(), part.end(), state.begin());
  }
  [[nodiscard]] std::unique_ptr<Replica<Real>> make_replica() const override {
    throw InternalError("a shard computes no gradients");
  }
  [[nodiscard]] const Dataset* dataset() const override { return whole_->dataset(); }
  [[nodiscard]] std::size_t samples(Split split) const override { return whole_->samples(split); }
  [[nodiscard]] bool classifies() const override { return whole_->classifies(); }
  [[nodiscard]] std::vector<NamedTensor> layout() const override { return {}; }

 private:
  std::shared_ptr<const Workload<Real>> whole_;
  Slices slices_;
  std::uint32_t shard_;
};

}  // namespace syncline
