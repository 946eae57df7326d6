#pragma once

#include "syncline/codec.hpp"
#include "syncline/workload.hpp"

namespace syncline {

/// What a codec for the parameters of a workload is made for.
template <class Real>
[[nodiscard]] CodecContext codec_context(const Workload<Real>& workload, std::uint64_t seed,
                                         Direction direction) {
  return {workload.dimension(), workload.layout(), seed, direction};
}

}  // namespace syncline
