#pragma once

#include <torch/torch.h>

namespace syncline {

/// What `convolution` gives on `input` (N x C x H x W), for a kernel with stride 1, no padding and
/// few filters, in less time: vector units work on 16 filters at once, and a layer with 6 leaves
/// most of them idle. Two horizontal neighbours are computed as one output of twice the filters,
/// whose kernels are the original one shifted by 0 and by 1 pixel; channels-last memory of the
/// result is that of the plain one. Falls back to the plain one where the trick does not fit: other
/// memory formats, an odd output width.
[[nodiscard]] torch::Tensor paired_convolution(torch::nn::Conv2dImpl& convolution,
                                               const torch::Tensor& input);

}  // namespace syncline
