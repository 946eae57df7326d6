#pragma once

#include <memory>
#include <string_view>

#include "syncline/attack.hpp"

namespace syncline {

/// What faulty nodes send for models that no attack on gradients is: uniform.
[[nodiscard]] const Registry<AttackFactory>& faulty_models();

/// From a node method's `faulty` and the configured `worker.attack`, one of which must be none;
/// null if both are. Throws ConfigError, also if no node is left that is honest.
template <class Real>
[[nodiscard]] std::unique_ptr<Attack<Real>> make_node_attack(std::string_view faulty,
                                                             std::string_view attack,
                                                             const AggregatorShape& shape,
                                                             std::uint32_t nodes);

}  // namespace syncline
