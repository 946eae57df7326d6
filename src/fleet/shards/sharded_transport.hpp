#pragma once

#include <functional>
#include <memory>
#include <string>

#include "transport/listening.hpp"
#include "transport/transport.hpp"

namespace syncline {

/// Opens a connection to a shard at this address, as a coordinator's welcome names it.
using DialShard = std::function<std::unique_ptr<WorkerTransport>(const std::string& address)>;

/// A worker's connections to a coordinator and its shards, which together look like one to a
/// server that is whole: payloads leave in slices, and a result only when all shards have theirs;
/// an assignment comes in when all slices of its state are there. As long as no welcome names
/// shards, everything passes as it is. `coordinator` must outlive the result.
[[nodiscard]] std::unique_ptr<WorkerTransport> make_sharded_transport(
    WorkerTransport& coordinator, DialShard dial, const std::string& token,
    std::unique_ptr<Listening> listening = listen_with_threads());

}  // namespace syncline
