#pragma once

#include <functional>
#include <memory>
#include <string_view>

#include "server/aggregators/payload_set.hpp"
#include "syncline/decentralised.hpp"

namespace syncline {

/// What a node makes of its own model and those that its neighbours sent. Immutable, so several
/// nodes may mix at once.
template <class Real>
class Mixing {
 public:
  virtual ~Mixing() = default;

  /// `neighbours` in the order of Topology::neighbours[node]; `result` overlaps none of them.
  virtual void mix(WorkerId node, std::span<const Real> own, const Payloads<Real>& neighbours,
                   std::span<Real> result) const = 0;
};

template <class Real>
using MakeMixing = std::function<std::unique_ptr<const Mixing<Real>>(
    const Arguments&, const AggregatorShape&, const Topology&)>;

/// A factory makes the mixing in both precisions.
struct MixingFactory {
  std::function<std::uint64_t(const Arguments&)> neighbours;  ///< that a node needs
  MakeMixing<float> single;
  MakeMixing<double> full;
};

/// uniform, metropolis, trimmed-mean, median, krum, bulyan.
[[nodiscard]] const Registry<MixingFactory>& mixings();

template <class Real>
[[nodiscard]] std::unique_ptr<const Mixing<Real>> make_mixing(std::string_view spec,
                                                              const AggregatorShape& shape,
                                                              const Topology& topology);

/// How many neighbours every node needs for the mixing of that text. Throws ConfigError.
[[nodiscard]] std::uint64_t neighbours_needed(std::string_view spec);

}  // namespace syncline
