#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "fleet/shards/shard_messages.hpp"

namespace syncline {

/// The slices of states that shards send to a worker, until the job is there that starts from them.
class StateParts {
 public:
  /// `lengths`: elements of the shards' parts of a state, above 0. `most`: jobs that may be ahead
  /// of the coordinator's.
  explicit StateParts(const std::vector<std::uint64_t>& lengths, std::size_t most)
      : lengths_(lengths), most_(most) {}

  /// Throws MalformedMessage for what no honest shard sends.
  void put(std::size_t shard, const StatePart& part, std::span<const std::byte> body) {
    const bool fits = body.size() == lengths_[shard] * sizeof(float) ||
                      body.size() == lengths_[shard] * sizeof(double);
    if (!fits) {
      throw MalformedMessage("a shard's part of a state has " + std::to_string(body.size()) +
                             " bytes, and " + std::to_string(lengths_[shard]) + " elements");
    }
    if (jobs_.size() >= most_ && !jobs_.contains(part.job)) {
      throw MalformedMessage("a shard sends states that no job starts from");
    }
    Parts& parts = jobs_[part.job];
    parts.of_shards.resize(lengths_.size());
    if (!parts.of_shards[shard].empty()) {
      throw MalformedMessage("a shard has sent its part of a state twice");
    }
    parts.of_shards[shard].assign(body.begin(), body.end());
    parts.versions.push_back(part.version);
  }

  [[nodiscard]] bool complete(std::uint64_t job) const {
    const auto parts = jobs_.find(job);
    return parts != jobs_.end() && parts->second.versions.size() == lengths_.size();
  }
  /// The state, in the order of the shards. REQUIRES: complete(job). Throws MalformedMessage if a
  /// part is of another version: shards that are not at one version hold no state.
  void append(std::uint64_t job, Version version, std::vector<std::byte>& bytes) const {
    const Parts& parts = jobs_.at(job);
    for (const Version each : parts.versions) {
      if (each != version) {
        throw MalformedMessage("a job starts at version " + std::to_string(version) +
                               ", and a shard has sent version " + std::to_string(each));
      }
    }
    for (const auto& part : parts.of_shards) bytes.insert(bytes.end(), part.begin(), part.end());
  }
  /// Those of this job and of all before it are of no use any more.
  void drop_until(std::uint64_t job) { jobs_.erase(jobs_.begin(), jobs_.upper_bound(job)); }
  void clear() { jobs_.clear(); }

 private:
  struct Parts {
    std::vector<std::vector<std::byte>> of_shards;
    std::vector<Version> versions;
  };

  const std::vector<std::uint64_t>& lengths_;
  std::size_t most_;
  std::map<std::uint64_t, Parts> jobs_;
};

}  // namespace syncline
