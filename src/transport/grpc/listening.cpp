#include <cerrno>
#include <cstring>
#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

#include "transport/grpc/credentials.hpp"

namespace syncline {

// gRPC keeps the reason to itself. So the port is tried once more, without it.
std::string why_not_listening(const std::string& address, bool tls) {
  const HostAndPort parts = parse_address(address);
  addrinfo wanted = {};
  wanted.ai_socktype = SOCK_STREAM;
  wanted.ai_flags = AI_PASSIVE;
  addrinfo* found = nullptr;
  const std::string port = std::to_string(parts.port);
  if (const int error = getaddrinfo(parts.host.c_str(), port.c_str(), &wanted, &found)) {
    return std::string("the host is not known: ") + gai_strerror(error);
  }
  const int socket = ::socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int yes = 1;
  setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  const bool free = bind(socket, found->ai_addr, found->ai_addrlen) == 0 && listen(socket, 1) == 0;
  const int error = errno;
  close(socket);
  freeaddrinfo(found);
  if (!free) {
    if (error == EADDRINUSE) return "the port is taken";
    if (error == EADDRNOTAVAIL) return "the address is none of this machine";
    return std::strerror(error);
  }
  return tls ? "a certificate or a key is damaged, or they don't belong together"
             : "gRPC gives no reason";
}

}  // namespace syncline
