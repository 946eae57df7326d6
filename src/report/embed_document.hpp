#pragma once

#include <cstddef>
#include <string>

#include <nlohmann/json_fwd.hpp>

namespace syncline {

/// The checked document as text that is safe inside an HTML <script> element: at most `budget`
/// bytes, '<', U+2028 and U+2029 escaped. Numbers of charts are rounded to 6 significant digits,
/// and a fit gains the curves of its laws. Over budget it keeps every 2nd, 4th, ... point of
/// curves, halves the stretch of the timelines, and says so in "thinned". Throws DataError where
/// that is not enough.
[[nodiscard]] std::string embed_document(nlohmann::ordered_json document, std::size_t budget);

}  // namespace syncline
