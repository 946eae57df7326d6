#pragma once

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace syncline::proof {

/// docs/planner-proof.md from the stored verdicts.
[[nodiscard]] std::string proof_page(const std::vector<nlohmann::ordered_json>& analytic,
                                     const std::vector<nlohmann::ordered_json>& softmax,
                                     const std::vector<nlohmann::ordered_json>& cnn);

}  // namespace syncline::proof
