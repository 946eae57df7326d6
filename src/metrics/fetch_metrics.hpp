#pragma once

#include <string>

namespace syncline {

/// What http://address/metrics answers. `address`: host:port. Waits for at most ten seconds. Throws
/// DataError with the reason if there is no answer, or no good one.
[[nodiscard]] std::string fetch_metrics(const std::string& address);

}  // namespace syncline
