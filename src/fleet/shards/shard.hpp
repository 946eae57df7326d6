#pragma once

#include <functional>
#include <string>

#include "transport/transport.hpp"

namespace syncline {

/// A server of slices: waits for coordinators, takes part in the run of one after the other, and
/// does what it is told with its slice of every vector. `token`: what coordinators and workers must
/// show; empty: nothing. `data_folder` replaces the run's, if not empty. `news`: what happens, in
/// words. Returns when `stop` says so, which is asked now and then.
void serve_shard(ServerTransport& transport, const std::string& token,
                 const std::string& data_folder,
                 const std::function<void(const std::string&)>& news,
                 const std::function<bool()>& stop);

}  // namespace syncline
