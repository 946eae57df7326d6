#pragma once

#include <arpa/inet.h>
#include <string>
#include <sys/socket.h>
#include <unistd.h>

#include <doctest/doctest.h>

#include "chaos/link_proxy.hpp"

namespace syncline::testing {

inline constexpr timeval patience = {120, 0};

/// A TCP socket that waits long, and is closed at the end.
class TestSocket {
 public:
  explicit TestSocket(int socket) : socket_(socket) {
    REQUIRE(socket_ >= 0);
    setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  }
  ~TestSocket() { close(socket_); }
  TestSocket(const TestSocket&) = delete;
  TestSocket& operator=(const TestSocket&) = delete;

  void send(const std::string& bytes) const {
    for (std::size_t done = 0; done < bytes.size();) {
      const auto count = ::send(socket_, bytes.data() + done, bytes.size() - done, MSG_NOSIGNAL);
      REQUIRE(count > 0);
      done += static_cast<std::size_t>(count);
    }
  }
  /// So many bytes; fewer only at the end of the connection.
  [[nodiscard]] std::string receive(std::size_t size) const {
    std::string bytes(size, '\0');
    std::size_t done = 0;
    while (done < size) {
      const auto count = recv(socket_, bytes.data() + done, size - done, 0);
      if (count <= 0) break;
      done += static_cast<std::size_t>(count);
    }
    bytes.resize(done);
    return bytes;
  }
  [[nodiscard]] bool nothing_there() const {
    char byte = 0;
    return recv(socket_, &byte, 1, MSG_DONTWAIT | MSG_PEEK) < 0 && errno == EAGAIN;
  }
  /// What reading says: 0 at a farewell, the error at a reset.
  [[nodiscard]] int end() const {
    char byte = 0;
    const auto count = recv(socket_, &byte, 1, 0);
    REQUIRE(count <= 0);
    return count == 0 ? 0 : errno;
  }
  void say_goodbye() const { shutdown(socket_, SHUT_WR); }
  [[nodiscard]] int number() const { return socket_; }

 private:
  int socket_;
};

inline sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

/// A server that takes connections, and a proxy that leads to it.
struct Place {
  TestSocket listener{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  LinkProxy proxy;

  explicit Place(bool read_messages = false)
      : proxy(
            "127.0.0.1", 2, [] {}, read_messages) {
    sockaddr_in address = loopback(0);
    socklen_t length = sizeof address;
    REQUIRE(bind(listener.number(), reinterpret_cast<sockaddr*>(&address), length) == 0);
    REQUIRE(listen(listener.number(), 16) == 0);
    getsockname(listener.number(), reinterpret_cast<sockaddr*>(&address), &length);
    proxy.lead_to("127.0.0.1:" + std::to_string(ntohs(address.sin_port)));
  }
  [[nodiscard]] int connect_to(std::uint32_t link) const {
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const sockaddr_in address = loopback(proxy.port(link));
    REQUIRE(connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
    return socket;
  }
  [[nodiscard]] int accepted() const { return accept(listener.number(), nullptr, nullptr); }
};

/// Both ends of a connection through the proxy.
struct Line {
  TestSocket worker, server;
  explicit Line(const Place& place, std::uint32_t link = 0)
      : worker(place.connect_to(link)), server(place.accepted()) {}
};

}  // namespace syncline::testing
