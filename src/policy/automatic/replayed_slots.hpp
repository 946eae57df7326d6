#pragma once

#include <cstdint>
#include <vector>

#include "syncline/policy.hpp"

namespace syncline {

/// What the slots and tables of a replay hold, as far as weights and versions go, and what the
/// steps from them add up to; replay.hpp has the formulas.
class ReplayedSlots {
 public:
  ReplayedSlots(const Requirements& requirements, std::size_t workers);

  void fold(Slot slot, double weight, WorkerId worker, Version read, Version version);
  void put(Slot table, WorkerId worker, Version read);
  void merge(Slot from, Slot into, double weight);
  void clear(Slot slot);
  void swap(Slot a, Slot b);
  void step(Slot slot, double scale, Version version);

  /// Steps up to now don't count.
  void forget_steps();
  [[nodiscard]] double gradients_per_step() const;
  [[nodiscard]] double staleness() const;

 private:
  struct Entry {
    std::uint64_t count = 0;
    Version read = 0;
  };
  struct Held {
    double weight = 0;           ///< sum of a_i
    double squares = 0;          ///< sum of a_i^2
    double stale = 0;            ///< sum of a_i delta_i^2
    std::uint64_t fresh = 0;     ///< gradients that no step has used
    std::vector<Entry> entries;  ///< of a table, by worker
  };
  void gather_entries(Held& table, Version version) const;

  std::vector<Held> held_;
  double steps_ = 0;
  double size_ = 0;     ///< sum of s
  double squares_ = 0;  ///< sum of s^2 a_i^2
  double stale_ = 0;    ///< sum of s delta^2
  double used_ = 0;     ///< gradients used up
};

}  // namespace syncline
