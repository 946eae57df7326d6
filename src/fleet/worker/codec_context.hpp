#pragma once

#include <string>
#include <vector>

#include "syncline/codec.hpp"
#include "syncline/safetensors.hpp"
#include "syncline/workload.hpp"

namespace syncline {

/// What a codec for the parameters of a workload is made for.
template <class Real>
[[nodiscard]] CodecContext codec_context(const Workload<Real>& workload, std::uint64_t seed,
                                         Direction direction) {
  CodecContext context = {workload.dimension(), workload.layout(), seed, direction};
  context.read_weights = [layout = context.layout,
                          length =
                              workload.dimension() + workload.buffers()](const std::string& file) {
    std::vector<double> state(length);
    const std::vector<StoredTensor> tensors = read_safetensors(file);
    restore_state<double>(tensors, layout, state);
    return state;
  };
  return context;
}

}  // namespace syncline
