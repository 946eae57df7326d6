#pragma once

#include <functional>
#include <string>

#include "fleet/shards/sharded_transport.hpp"
#include "transport/transport.hpp"

namespace syncline {

/// Takes part in a run until it is over, through losses of the connection where the transport makes
/// it anew. One thread listens, one computes, one sends what comes of it, and one heartbeats, so
/// that a long gradient is a straggler and not a death. Returns why it ended. Throws ConfigError if
/// the server refuses the worker, and TransportError if the connection will not come back. `news`:
/// what happens, in words, and why there is no connection; `stop` is asked now and then.
/// `data_folder` replaces that of the run's configuration, if not empty. `dial`: how shards are
/// reached, if the server may have any.
std::string work(WorkerTransport& transport, const std::string& token,
                 const std::string& data_folder,
                 const std::function<void(const std::string&)>& news,
                 const std::function<bool()>& stop, const DialShard& dial = nullptr);

}  // namespace syncline
