#pragma once

#include "trial.hpp"

// The runs of Figure 9: async with 40 workers on grey CIFAR-10.
namespace syncline::repro {

/// C / eta_max of the paper: the squared distance beyond which the compensated step is cut.
inline constexpr double cut_limit = 0.005;

/// The paper's two: compensated and fixed, 0.01.
[[nodiscard]] std::vector<Trial> paper_trials(Scale scale = Scale::full);

/// Fixed steps of 0.005, 0.0025 and 0.00125.
[[nodiscard]] std::vector<Trial> smaller_trials(Scale scale = Scale::full);

/// The paper's two, translated to our pixels as in mnist_softmax.hpp.
[[nodiscard]] std::vector<Trial> translated_trials(Scale scale = Scale::full);

}  // namespace syncline::repro
