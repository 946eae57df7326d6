#pragma once

#include <grpcpp/security/credentials.h>
#include <grpcpp/security/server_credentials.h>
#include <grpcpp/support/channel_arguments.h>
#include <memory>
#include <string>

#include "transport/grpc/grpc_transport.hpp"

namespace syncline {

/// The one method that a worker calls.
inline constexpr const char* connect_method = "/syncline.Workers/Connect";
/// Among the server's initial metadata where it takes the call for a connection.
inline constexpr const char* connected_key = "syncline-connected";

/// "host:port" taken apart; an IPv6 address stands in brackets, which `host` has not.
struct HostAndPort {
  std::string host;
  std::uint16_t port = 0;
};
/// Throws ConfigError.
[[nodiscard]] HostAndPort parse_address(const std::string& address);

/// Why nobody can listen there, after it has failed; `tls`: there are certificates, too.
[[nodiscard]] std::string why_not_listening(const std::string& address, bool tls);

/// Mutual TLS by the files of the settings, or plain text where that is allowed. Throw ConfigError
/// where it is not, and DataError where a file can't be read.
[[nodiscard]] std::shared_ptr<grpc::ServerCredentials> server_credentials(
    const std::string& address, const GrpcSettings& settings);
[[nodiscard]] std::shared_ptr<grpc::ChannelCredentials> worker_credentials(
    const std::string& address, const GrpcSettings& settings);

}  // namespace syncline
