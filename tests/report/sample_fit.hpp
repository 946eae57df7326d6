#pragma once

#include <nlohmann/json.hpp>

namespace syncline::test {

/// A fit document (docs/fit.md) of plausible shape: jobs drawn from shifted exponential laws, the
/// last worker three times as slow as the others. Laws are fitted by moments, so they fit, and
/// their intervals are of the right size. Equal calls give equal documents.
nlohmann::ordered_json sample_fit(int workers = 8);

}  // namespace syncline::test
