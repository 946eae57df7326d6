#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "chaos/link_proxy.hpp"
#include "chaos/network_namespaces.hpp"

namespace syncline {

struct DrillNetworkSettings {
  std::uint32_t workers = 0;   ///< processes, each with a way of its own
  bool links = false;          ///< faults on links are wanted: a proxy for each
  bool read_messages = false;  ///< with it: which messages pass is wanted
  bool namespaces = false;     ///< each worker, and the server, in a network of its own
  bool tls = false;
  std::filesystem::path scratch;
};

/// How the processes of a drill reach each other, and what can be done to that: directly, through
/// proxies, or between network namespaces. For one thread, the main one.
class DrillNetwork {
 public:
  explicit DrillNetwork(const DrillNetworkSettings& settings);

  /// Names by which workers call the server, for its certificate; those of the machine apart.
  [[nodiscard]] std::vector<std::string> hosts() const;
  /// Of `serve`: where to listen. The same port every time once one was chosen.
  [[nodiscard]] std::vector<std::string> server_words() const;
  /// The server says that it listens there.
  void server_listens(const std::string& address);
  /// Of `work`: where that worker finds the server.
  [[nodiscard]] std::vector<std::string> worker_words(std::uint32_t worker) const;
  /// The same of somebody beside the server.
  [[nodiscard]] std::vector<std::string> stranger_words() const;
  [[nodiscard]] std::string address_for_strangers() const;

  /// Namespaces as ChildStart takes them.
  [[nodiscard]] int server_network() const { return namespaces_ ? namespaces_->server() : -1; }
  [[nodiscard]] int worker_network(std::uint32_t worker) const {
    return namespaces_ ? namespaces_->worker(worker) : -1;
  }

  /// Does and undoes a fault on a link.
  void strike(const PlannedFault& fault);
  void mend(const PlannedFault& fault);
  /// With `links`.
  [[nodiscard]] LinkProxy& links() { return *proxy_; }
  /// Bytes that were struck so far.
  [[nodiscard]] std::uint64_t flipped() const;

 private:
  [[nodiscard]] std::string port() const;

  DrillNetworkSettings settings_;
  std::optional<NetworkNamespaces> namespaces_;
  std::optional<LinkProxy> proxy_;
  std::string listens_at_;  ///< with the port that was chosen
};

}  // namespace syncline
