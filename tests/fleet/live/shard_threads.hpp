#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "fleet/shards/shard.hpp"
#include "fleet/shards/shard_hub.hpp"
#include "transport/inproc.hpp"

namespace syncline::testing {

/// Shards that serve from threads of their own.
class ShardThreads {
 public:
  explicit ShardThreads(std::uint32_t count) : networks_(count) {
    // All of them before the first thread, which must not see the vector grow.
    for (std::uint32_t i = 0; i < count; ++i) {
      stops_.push_back(std::make_unique<std::atomic<bool>>(false));
    }
    for (std::uint32_t i = 0; i < count; ++i) {
      threads_.emplace_back([this, i, server = std::shared_ptr(networks_[i].server())]() mutable {
        serve_shard(
            *server, {}, "", [](const std::string&) {}, [this, i] { return stops_[i]->load(); });
        server.reset();  // as a process that has ended: its connections go with it
      });
    }
  }
  ~ShardThreads() {
    for (std::uint32_t i = 0; i < threads_.size(); ++i) kill(i);
  }

  std::unique_ptr<WorkerTransport> dial(const std::string& address) {
    return networks_.at(std::stoul(address)).connect("somebody");
  }
  std::vector<ShardWay> ways() {
    std::vector<ShardWay> ways;
    for (std::size_t i = 0; i < networks_.size(); ++i) {
      ways.push_back({std::to_string(i), dial(std::to_string(i))});
    }
    return ways;
  }
  void kill(std::uint32_t shard) {
    *stops_[shard] = true;
    if (threads_[shard].joinable()) threads_[shard].join();
  }

 private:
  std::vector<InprocNetwork> networks_;
  std::vector<std::unique_ptr<std::atomic<bool>>> stops_;
  std::vector<std::thread> threads_;
};

}  // namespace syncline::testing
