#pragma once

#include "syncline/torch_model.hpp"

// The architectures, one file each. They build a network and know nothing of flat vectors, workers
// or data sets.
namespace syncline {

/// Fully connected layers fc1..fcN with ReLU between them; argument `hidden`, such as 128-64.
[[nodiscard]] Network build_mlp(const Arguments& arguments, const NetworkSite& site);

/// conv(6,5)-pool-conv(16,5)-pool-fc120-fc84-fc: 62,006 parameters on 3x32x32 with 10 classes.
[[nodiscard]] Network build_lenet(const Arguments& arguments, const NetworkSite& site);

/// conv32-bn-pool-conv64-bn-pool-fc256-fc; argument `dropout` acts before the last layer.
[[nodiscard]] Network build_cnn(const Arguments& arguments, const NetworkSite& site);

/// ResNet-20 of He et al. 2016, section 4.2, with parameter-free shortcuts (option A).
[[nodiscard]] Network build_resnet20(const Arguments& arguments, const NetworkSite& site);

}  // namespace syncline
