#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "chaos/fault.hpp"

namespace syncline {

/// Network namespaces of this machine: one for the server, one for each worker, and a pair of
/// virtual cards between each worker and the server. Nobody else can reach what listens there. They
/// are removed with this object; those of a drill that was killed, by the next. Needs root and the
/// program `ip`. For one thread.
class NetworkNamespaces {
 public:
  /// Why there can be none here; "" if there can.
  [[nodiscard]] static std::string why_not(const std::filesystem::path& scratch);

  /// `scratch`: a folder for the output of programs. Throws ConfigError if there can be none.
  NetworkNamespaces(std::uint32_t workers, std::filesystem::path scratch);
  ~NetworkNamespaces();
  NetworkNamespaces(const NetworkNamespaces&) = delete;
  NetworkNamespaces& operator=(const NetworkNamespaces&) = delete;

  /// Open file descriptors of them, which processes and threads can enter.
  [[nodiscard]] int server() const { return server_; }
  [[nodiscard]] int worker(std::uint32_t worker) const { return workers_.at(worker); }
  /// The server's address as that worker sees it.
  [[nodiscard]] static std::string server_address(std::uint32_t worker);

  /// Nothing passes that way: both ways by taking the worker's card down, one way by dropping what
  /// the sender's card is to send.
  void hold(std::uint32_t worker, LinkWay way);
  void mend(std::uint32_t worker);

 private:
  int add(const std::string& name);
  void connect(std::uint32_t worker);
  /// Throws DataError with what the program said.
  void command(const std::vector<std::string>& words) const;
  void remove_leftovers() const;
  void remove_all();

  std::filesystem::path scratch_;
  std::string ip_, tc_;
  std::vector<std::string> names_;
  int server_ = -1;
  std::vector<int> workers_;
};

/// This thread from now on uses the network of that namespace. Throws DataError.
void enter_network(int network);

}  // namespace syncline
