#include <torch/torch.h>

#include "syncline/error.hpp"
#include "syncline/torch_model.hpp"

namespace syncline {

at::Tensor dropout(const at::Tensor& input, double probability, bool training, JobRandom& random) {
  if (!(probability >= 0 && probability < 1)) {
    throw ConfigError("the probability of dropout must be in [0, 1), not " +
                      std::to_string(probability));
  }
  if (!training || probability == 0) return input;

  // Drawn on the processor whatever the device, so that both see the same masks. 32 bits an
  // element.
  const auto threshold = static_cast<std::uint32_t>(probability * 0x1p32);
  const auto keep = static_cast<float>(1.0 / (1.0 - probability));
  const at::Tensor mask = torch::empty(input.sizes(), torch::TensorOptions().dtype(torch::kFloat));
  float* out = mask.data_ptr<float>();
  DrawStream& stream = random.stream();
  for (std::int64_t i = 0; i < mask.numel(); i += 2) {
    const std::uint64_t bits = stream.bits();
    out[i] = static_cast<std::uint32_t>(bits) < threshold ? 0.0F : keep;
    if (i + 1 < mask.numel()) {
      out[i + 1] = static_cast<std::uint32_t>(bits >> 32) < threshold ? 0.0F : keep;
    }
  }
  return input * mask.to(input.options());
}

}  // namespace syncline
