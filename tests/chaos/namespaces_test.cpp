#include <arpa/inet.h>
#include <future>
#include <sys/socket.h>
#include <unistd.h>

#include <doctest/doctest.h>

#include "chaos/child_process.hpp"
#include "chaos/network_namespaces.hpp"
#include "chaos/run_command.hpp"
#include "support/temporary_folder.hpp"
#include "syncline/error.hpp"

namespace syncline {
namespace {

using testing::TemporaryFolder;

std::vector<std::string> names_with(const std::string& part) {
  std::vector<std::string> names;
  std::error_code none;
  for (const auto& entry : std::filesystem::directory_iterator("/run/netns", none)) {
    const std::string name = entry.path().filename();
    if (name.find(part) != std::string::npos) names.push_back(name);
  }
  return names;
}

/// In a thread that lives in that namespace and ends with the call.
template <class Function>
auto within(int network, Function function) {
  return std::async(std::launch::async,
                    [&] {
                      enter_network(network);
                      return function();
                    })
      .get();
}

sockaddr_in address_of(const std::string& host, std::uint16_t port) {
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  inet_pton(AF_INET, host.c_str(), &address.sin_addr);
  return address;
}

int datagrams_at(const std::string& host, std::uint16_t port) {
  const int socket = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  const sockaddr_in address = address_of(host, port);
  REQUIRE(bind(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  return socket;
}

/// The next datagram, without waiting; "" if there is none.
std::string received(int socket) {
  char bytes[16];
  const auto count = recv(socket, bytes, sizeof bytes, MSG_DONTWAIT);
  return count > 0 ? std::string(bytes, static_cast<std::size_t>(count)) : "";
}

void send_to(int socket, const std::string& host, std::uint16_t port, const std::string& text) {
  const sockaddr_in address = address_of(host, port);
  // Where the card is down it fails: that is the point.
  static_cast<void>(sendto(socket, text.data(), text.size(), MSG_DONTWAIT,
                           reinterpret_cast<const sockaddr*>(&address), sizeof address));
}

TEST_CASE(
    "namespaces: each worker reaches the server, until it is parted; nothing is left of them") {
  const TemporaryFolder folder;
  if (const std::string reason = NetworkNamespaces::why_not(folder.path()); !reason.empty()) {
    MESSAGE("skipped: " << reason);
    return;
  }
  const std::string own = "syncline-chaos-" + std::to_string(getpid()) + "-";
  // What a process has left that is gone, as its number shows.
  ChildProcess gone({{"/bin/true"}, "/dev/null", "/dev/null"});
  while (!gone.end()) usleep(1000);
  const std::string leftover = "syncline-chaos-" + std::to_string(gone.id()) + "-server";
  REQUIRE(run_command({*find_program("ip"), "netns", "add", leftover}, folder.path()).empty());
  {
    NetworkNamespaces networks(2, folder.path());
    CHECK(names_with(own).size() == 3);
    CHECK(names_with(leftover).empty());
    for (const std::uint32_t worker : {0U, 1U}) {
      const std::string host = NetworkNamespaces::server_address(worker);
      const int server = within(networks.server(), [&] { return datagrams_at(host, 5000); });
      const int client =
          within(networks.worker(worker), [&] { return datagrams_at("0.0.0.0", 5001); });
      sockaddr_in from = {};
      socklen_t length = sizeof from;
      // The first may be lost while addresses are looked up.
      char byte = 0;
      while (recvfrom(server, &byte, 1, MSG_DONTWAIT, reinterpret_cast<sockaddr*>(&from),
                      &length) != 1) {
        send_to(client, host, 5000, "?");
        usleep(1000);
      }
      char name[INET_ADDRSTRLEN];
      inet_ntop(AF_INET, &from.sin_addr, name, sizeof name);
      const auto drain = [](int socket) {
        while (!received(socket).empty()) {
        }
      };
      const auto await = [](int socket, auto&& again) {
        while (received(socket).empty()) {
          again();
          usleep(1000);
        }
      };
      // Parted one way, the other way still passes.
      networks.hold(worker, LinkWay::to_server);
      drain(server);
      send_to(client, host, 5000, "lost");
      await(client, [&] { send_to(server, name, 5001, "back"); });
      CHECK(received(server).empty());
      networks.mend(worker);
      await(server, [&] { send_to(client, host, 5000, "there"); });
      networks.hold(worker, LinkWay::to_worker);
      drain(client);
      send_to(server, name, 5001, "lost");
      await(server, [&] { send_to(client, host, 5000, "there"); });
      CHECK(received(client).empty());
      networks.mend(worker);
      await(client, [&] { send_to(server, name, 5001, "back"); });
      // Parted both ways and mended, it passes again.
      networks.hold(worker, LinkWay::both);
      networks.mend(worker);
      await(server, [&] { send_to(client, host, 5000, "there"); });
      close(server);
      close(client);
    }
  }
  CHECK(names_with(own).empty());
}

}  // namespace
}  // namespace syncline
