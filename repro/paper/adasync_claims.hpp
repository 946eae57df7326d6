#pragma once

#include "adasync_entrants.hpp"

namespace syncline::repro {

/// The claims of contest_chapter on one variant. REQUIRES: at least one seed.
void add_claims(Chapter& chapter, const Contest& contest, const std::string& variant,
                const std::vector<Entrant>& entrants);

}  // namespace syncline::repro
