#pragma once

#include <string>

#include "study.hpp"

namespace syncline::repro {

/// How large the inputs of a data set with one channel are, before and after normalisation: E
/// ||x||^2, which the noise of a gradient grows with, and the largest eigenvalue of E x x', which
/// the curvature of softmax regression grows with. Of every seventh training sample:
/// {"raw": {"size", "top"}, "normalised": {"size", "top"}}.
[[nodiscard]] Json input_scale(const std::string& data);

/// The same in words, with a space behind; empty if there is nothing.
[[nodiscard]] std::string scale_sentence(const Json& input_scale);

}  // namespace syncline::repro
