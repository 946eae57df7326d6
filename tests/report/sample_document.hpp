#pragma once

#include <nlohmann/json.hpp>

namespace syncline::test {

/// A race document (docs/race.md) of plausible shape: 8 policies, 2 settings, 5 seeds and `points`
/// evaluations. Its timelines, staleness and gradient accounts come from a small event simulation,
/// so they agree with each other; its error curves are formulas. Equal calls give equal documents.
nlohmann::ordered_json sample_document(int points = 100);

}  // namespace syncline::test
