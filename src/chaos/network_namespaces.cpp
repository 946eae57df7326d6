#include "chaos/network_namespaces.hpp"

#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <sched.h>
#include <unistd.h>

#include "chaos/run_command.hpp"
#include "syncline/error.hpp"

namespace syncline {
namespace {

/// Then the number of the process that made it, and whose it is.
constexpr const char* prefix = "syncline-chaos-";
constexpr const char* folder = "/run/netns";
/// Four addresses for each worker, from 10.213.0.0 on.
constexpr std::uint32_t first_address = (10U << 24U) + (213U << 16U);
constexpr std::uint32_t most_workers = 16384;

std::string address(std::uint32_t worker, std::uint32_t end) {
  const std::uint32_t number = first_address + 4 * worker + end;
  return std::to_string(number >> 24U) + "." + std::to_string((number >> 16U) & 255U) + "." +
         std::to_string((number >> 8U) & 255U) + "." + std::to_string(number & 255U);
}

std::string own_prefix() { return prefix + std::to_string(getpid()) + "-"; }
std::string name_of_worker(std::uint32_t worker) { return own_prefix() + std::to_string(worker); }
std::string name_of_server() { return own_prefix() + "server"; }
std::string card(std::uint32_t worker) { return "w" + std::to_string(worker); }

}  // namespace

std::string NetworkNamespaces::why_not(const std::filesystem::path& scratch) {
  if (geteuid() != 0) return "only root may make them";
  const auto ip = find_program("ip");
  const auto tc = find_program("tc");
  if (!ip || !tc) return "the programs ip and tc are missing (Debian package iproute2)";
  const std::string probe = own_prefix() + "probe";
  std::string error = run_command({*ip, "netns", "add", probe}, scratch);
  if (!error.empty()) return error;
  error = run_command(
      {*ip, "-n", probe, "link", "add", "one", "type", "veth", "peer", "name", "two"}, scratch);
  if (error.empty()) {
    error =
        run_command({*tc, "-n", probe, "qdisc", "add", "dev", "one", "root", "blackhole"}, scratch);
  }
  const std::string left = run_command({*ip, "netns", "delete", probe}, scratch);
  return error.empty() ? left : error;
}

NetworkNamespaces::NetworkNamespaces(std::uint32_t workers, std::filesystem::path scratch)
    : scratch_(std::move(scratch)) {
  if (const std::string reason = why_not(scratch_); !reason.empty()) {
    throw ConfigError("--namespaces: there can be no network namespaces here: " + reason);
  }
  if (workers > most_workers) {
    throw ConfigError("--namespaces: at most " + std::to_string(most_workers) + " workers");
  }
  ip_ = *find_program("ip");
  tc_ = *find_program("tc");
  remove_leftovers();
  try {
    server_ = add(name_of_server());
    for (std::uint32_t worker = 0; worker < workers; ++worker) {
      workers_.push_back(add(name_of_worker(worker)));
      connect(worker);
    }
  } catch (...) {
    remove_all();
    throw;
  }
}

NetworkNamespaces::~NetworkNamespaces() { remove_all(); }

void NetworkNamespaces::command(const std::vector<std::string>& words) const {
  const std::string error = run_command(words, scratch_);
  if (error.empty()) return;
  std::string line;
  for (const std::string& word : words) line += (line.empty() ? "" : " ") + word;
  throw DataError("`" + line + "`: " + error);
}

int NetworkNamespaces::add(const std::string& name) {
  command({ip_, "netns", "add", name});
  names_.push_back(name);
  const std::string path = std::string(folder) + "/" + name;
  const int network = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (network < 0) throw DataError("can't open '" + path + "': " + std::strerror(errno));
  command({ip_, "-n", name, "link", "set", "lo", "up"});
  return network;
}

void NetworkNamespaces::connect(std::uint32_t worker) {
  const std::string there = name_of_worker(worker);
  const std::string here = name_of_server();
  command({ip_, "-n", here, "link", "add", card(worker), "type", "veth", "peer", "name", "eth0",
           "netns", there});
  command({ip_, "-n", here, "address", "add", address(worker, 1) + "/30", "dev", card(worker)});
  command({ip_, "-n", there, "address", "add", address(worker, 2) + "/30", "dev", "eth0"});
  command({ip_, "-n", here, "link", "set", card(worker), "up"});
  command({ip_, "-n", there, "link", "set", "eth0", "up"});
}

std::string NetworkNamespaces::server_address(std::uint32_t worker) { return address(worker, 1); }

void NetworkNamespaces::hold(std::uint32_t worker, LinkWay way) {
  const std::string there = name_of_worker(worker);
  if (way == LinkWay::both) return command({ip_, "-n", there, "link", "set", "eth0", "down"});
  const bool from_worker = way == LinkWay::to_server;
  command({tc_, "-n", from_worker ? there : name_of_server(), "qdisc", "add", "dev",
           from_worker ? "eth0" : card(worker), "root", "blackhole"});
}

void NetworkNamespaces::mend(std::uint32_t worker) {
  const std::string there = name_of_worker(worker);
  // What is not there can't be removed, and need not be.
  static_cast<void>(
      run_command({tc_, "-n", there, "qdisc", "delete", "dev", "eth0", "root"}, scratch_));
  static_cast<void>(run_command(
      {tc_, "-n", name_of_server(), "qdisc", "delete", "dev", card(worker), "root"}, scratch_));
  command({ip_, "-n", there, "link", "set", "eth0", "up"});
}

void NetworkNamespaces::remove_leftovers() const {
  std::error_code none;
  for (const auto& entry : std::filesystem::directory_iterator(folder, none)) {
    const std::string name = entry.path().filename();
    if (name.rfind(prefix, 0) != 0) continue;
    const auto maker = static_cast<pid_t>(std::atol(name.c_str() + std::strlen(prefix)));
    const bool alive = maker > 0 && (kill(maker, 0) == 0 || errno != ESRCH);
    if (!alive) static_cast<void>(run_command({ip_, "netns", "delete", name}, scratch_));
  }
}

void NetworkNamespaces::remove_all() {
  for (const int network : workers_) close(network);
  if (server_ >= 0) close(server_);
  workers_.clear();
  server_ = -1;
  for (const std::string& name : names_) {
    static_cast<void>(run_command({ip_, "netns", "delete", name}, scratch_));
  }
  names_.clear();
}

void enter_network(int network) {
  if (setns(network, CLONE_NEWNET) == 0) return;
  throw DataError(std::string("can't enter a network namespace: ") + std::strerror(errno));
}

}  // namespace syncline
