#pragma once

#include <string_view>

#include "trace/run_picture.hpp"

namespace syncline {

/// Reads what a run serves at --metrics-port back into a picture; metrics of other names are passed
/// over. Throws DataError, with the number of the line, for text that is not in the format of
/// Prometheus, and for what comes from no run of Syncline.
[[nodiscard]] RunPicture read_metrics(std::string_view text);

}  // namespace syncline
