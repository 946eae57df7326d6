#pragma once

namespace syncline {

/// Once in each process, before anything else of gRPC: its own messages, meant for its developers,
/// are dropped unless GRPC_VERBOSITY is set, and its queue of callbacks is kept for good. gRPC 1.51
/// takes that down with the last channel or server, and aborts if another comes at that moment.
void prepare_grpc();

}  // namespace syncline
