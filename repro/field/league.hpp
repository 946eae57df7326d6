#pragma once

#include <optional>

#include "field/tuned.hpp"

namespace syncline::repro {

/// A table of algorithms against fleets: everybody tuned on the same grids.
struct League {
  std::string id;
  std::vector<FieldRace> races;
  std::vector<Entry> entries;
};

[[nodiscard]] std::vector<Part> league_parts(const League& league);

/// A small part of it, for a quick look: the first race, on two step sizes and one seed, with at
/// most so many entries, each with its first parameter.
[[nodiscard]] League quick_league(League league, std::size_t entries);

/// What is known of one entry in one race; nothing if its part has not been computed.
[[nodiscard]] std::optional<Tuned> standing(const League& league, const Results& results,
                                            const std::string& race, const std::string& entry);

/// The table of values, the table of the parameters that won, and a picture with one panel a race.
/// Empty where nothing has been computed.
[[nodiscard]] std::vector<Section> league_sections(const League& league, const Results& results,
                                                   const std::string& picture_title);

/// A claim about two entries of one race: `first` is better than `second` by `factor` or more.
[[nodiscard]] std::optional<Claim> better_claim(const League& league, const Results& results,
                                                const std::string& race, const std::string& first,
                                                const std::string& second, double factor,
                                                const std::string& text, const std::string& source);

}  // namespace syncline::repro
