#pragma once

#include <memory>

#include <nlohmann/json_fwd.hpp>

#include "syncline/config.hpp"
#include "syncline/progress.hpp"
#include "transport/transport.hpp"

namespace syncline {

/// What train() does, with workers at the other end of a transport: all of them are absent at
/// first, and join, go and come back as they like. `token`: what they must show; empty: nothing.
[[nodiscard]] nlohmann::ordered_json train_over(const RunConfig& config,
                                                std::unique_ptr<ServerTransport> transport,
                                                const std::string& token, const Progress& progress);

}  // namespace syncline
