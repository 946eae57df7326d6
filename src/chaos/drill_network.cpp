#include "chaos/drill_network.hpp"

#include "syncline/error.hpp"

namespace syncline {
namespace {

constexpr const char* loopback = "127.0.0.1";
constexpr const char* everywhere = "0.0.0.0";

}  // namespace

DrillNetwork::DrillNetwork(const DrillNetworkSettings& settings) : settings_(settings) {
  if (settings.namespaces) {
    namespaces_.emplace(settings.workers, settings.scratch);
    // Nobody else is in there, so any port is free.
    listens_at_ = std::string(everywhere) + ":5000";
  } else {
    listens_at_ = std::string(loopback) + ":0";
  }
  if (!settings.links) return;
  if (namespaces_) {
    proxy_.emplace(
        everywhere, settings.workers, [network = namespaces_->server()] { enter_network(network); },
        settings.read_messages);
  } else {
    proxy_.emplace(
        loopback, settings.workers, [] {}, settings.read_messages);
  }
}

std::vector<std::string> DrillNetwork::hosts() const {
  std::vector<std::string> hosts;
  for (std::uint32_t worker = 0; namespaces_ && worker < settings_.workers; ++worker) {
    hosts.push_back(NetworkNamespaces::server_address(worker));
  }
  return hosts;
}

std::vector<std::string> DrillNetwork::server_words() const {
  std::vector<std::string> words = {"--listen", listens_at_};
  if (namespaces_ && !settings_.tls) words.emplace_back("--insecure");
  return words;
}

std::string DrillNetwork::port() const { return listens_at_.substr(listens_at_.rfind(':') + 1); }

void DrillNetwork::server_listens(const std::string& address) {
  listens_at_ = address;
  if (proxy_) proxy_->lead_to(address_for_strangers());
}

std::vector<std::string> DrillNetwork::worker_words(std::uint32_t worker) const {
  const std::string host = namespaces_ ? NetworkNamespaces::server_address(worker) : loopback;
  std::vector<std::string> words = {
      "--server", host + ":" + (proxy_ ? std::to_string(proxy_->port(worker)) : port())};
  if (namespaces_ && !settings_.tls) words.emplace_back("--insecure");
  return words;
}

std::string DrillNetwork::address_for_strangers() const {
  return std::string(loopback) + ":" + port();
}

std::vector<std::string> DrillNetwork::stranger_words() const {
  return {"--server", address_for_strangers()};
}

void DrillNetwork::strike(const PlannedFault& fault) {
  const std::uint32_t worker = fault.worker;
  if (fault.kind == FaultKind::delay) proxy_->delay(worker, fault.latency);
  if (fault.kind == FaultKind::corrupt) proxy_->corrupt(worker, fault.way, fault.bytes, fault.key);
  if (fault.kind == FaultKind::cut) proxy_->cut(worker);
  if (fault.kind != FaultKind::partition) return;
  if (namespaces_) return namespaces_->hold(worker, fault.way);
  proxy_->hold(worker, fault.way);
}

void DrillNetwork::mend(const PlannedFault& fault) {
  if (fault.kind == FaultKind::delay) proxy_->delay(fault.worker, 0);
  if (fault.kind != FaultKind::partition) return;
  if (namespaces_) return namespaces_->mend(fault.worker);
  proxy_->mend(fault.worker);
}

std::uint64_t DrillNetwork::flipped() const {
  std::uint64_t flipped = 0;
  for (std::uint32_t worker = 0; proxy_ && worker < settings_.workers; ++worker) {
    flipped += proxy_->counts(worker).flipped;
  }
  return flipped;
}

}  // namespace syncline
