#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "chaos/child_process.hpp"
#include "chaos/drill_secrets.hpp"
#include "chaos/line_tail.hpp"

namespace syncline {

/// The `shard` processes of a run, if it has any. For the main thread.
class DrillShards {
 public:
  /// `folder`: for what they say. `secrets` must outlive this.
  DrillShards(std::string program, std::filesystem::path folder, std::uint32_t count,
              const DrillSecrets& secrets);

  /// At the same address as before, if it has run before.
  void start(std::uint32_t shard);
  /// Kills it and waits for its end.
  void kill(std::uint32_t shard);
  void signal(std::uint32_t shard, int number);
  /// Reads what was said.
  void poll();

  [[nodiscard]] std::uint32_t count() const { return static_cast<std::uint32_t>(shards_.size()); }
  [[nodiscard]] bool all_listen() const;
  [[nodiscard]] const std::string& address(std::uint32_t shard) const {
    return shards_.at(shard).address;
  }
  /// Of `serve`: where they are.
  [[nodiscard]] std::vector<std::string> server_words() const;

 private:
  struct Shard {
    std::unique_ptr<ChildProcess> process;
    LineTail said;
    std::string address = "127.0.0.1:0";
    bool listens = false;
  };
  [[nodiscard]] std::filesystem::path file(std::size_t shard) const;

  std::string program_;
  std::filesystem::path folder_;
  const DrillSecrets& secrets_;
  std::vector<Shard> shards_;
};

}  // namespace syncline
