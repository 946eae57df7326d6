#pragma once

#include <memory>

#include "syncline/policy.hpp"

namespace syncline {

/// One row of the registry of policies: a policy's file ends with it.
using PolicyEntry = RegistryEntry<PolicyFactory>;

/// What every policy that is a plain value has in common.
template <class Derived>
class ValuePolicy : public Policy {
 public:
  [[nodiscard]] std::unique_ptr<Policy> clone() const override {
    return std::make_unique<Derived>(static_cast<const Derived&>(*this));
  }
};

}  // namespace syncline
