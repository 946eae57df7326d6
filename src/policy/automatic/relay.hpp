#pragma once

#include "syncline/policy.hpp"

namespace syncline {

/// Where the actions of one policy go in those of another, which has more slots and tables.
struct Relay {
  Slot slots = 1;        ///< sums of the one
  Slot first_table = 1;  ///< where the other's tables begin
  double scale = 1;      ///< of its steps

  [[nodiscard]] Slot place(Slot slot) const {
    return slot < slots ? slot : first_table + (slot - slots);
  }
  /// Adds the i-th action of `from` to `to`.
  void repeat(const Actions& from, std::size_t i, Actions& to) const;
};

}  // namespace syncline
