#pragma once

#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "fleet/cluster/patience.hpp"
#include "fleet/shards/shard_messages.hpp"
#include "fleet/shards/shard_watch.hpp"
#include "transport/listening.hpp"
#include "transport/transport.hpp"

namespace syncline {

/// The way to one shard.
struct ShardWay {
  std::string address;  ///< as workers are told it
  std::unique_ptr<WorkerTransport> transport;
  std::string token = {};  ///< of coordinators, which workers have not; empty: that of the job
  double heartbeat = usual_heartbeat;  ///< seconds between signs of life, both ways
};

/// The coordinator's connections to all shards of a run. Orders are sent and not waited for; each
/// shard does them in order. All shards are listened to at any time, and block sums added up the
/// moment that the last of them is there. Other methods are for one thread. All throw
/// TransportError once a shard is gone, says what makes no sense, or does not do its part any more
/// (ShardWatch): the run can't go on without it, and must not hang.
class ShardHub {
 public:
  /// Says hello to all shards and waits until they are ready, which may take as long as loading the
  /// model does. Throws TransportError, and DataError if a shard has another model: its part of a
  /// state must have lengths[shard] elements.
  ShardHub(std::vector<ShardWay> ways, const std::string& token, std::uint64_t incarnation,
           const std::string& config, const std::vector<std::size_t>& lengths,
           std::unique_ptr<Listening> listening = listen_with_threads());
  ~ShardHub();
  ShardHub(const ShardHub&) = delete;
  ShardHub& operator=(const ShardHub&) = delete;

  [[nodiscard]] std::uint32_t shards() const { return static_cast<std::uint32_t>(links_.size()); }
  /// Of all shards, separated by commas.
  [[nodiscard]] std::string addresses() const;

  /// To all shards.
  void tell(const ToShard& order);
  /// To one.
  void tell(std::uint32_t shard, const ToShard& order, std::span<const std::byte> body = {});

  /// Throws if a shard is gone.
  void check();

  struct Answer {
    std::string text;
    std::vector<std::byte> body;
  };
  /// The next one of a shard, to the questions that it was asked.
  [[nodiscard]] Answer answer(std::uint32_t shard);
  /// What a shard has answered makes no sense: ends the run. Throws TransportError.
  [[noreturn]] void refuse(std::uint32_t shard, const std::string& why);

 private:
  struct Link {
    std::string address, token;
    std::unique_ptr<WorkerTransport> transport;
    std::chrono::duration<double> heartbeat{usual_heartbeat};
    ShardWatch::Time begin;
    bool greeted = false;  ///< on the present connection
    bool ready = false;
    std::string refusal;  ///< by which the coordinator was told to try again
    ShardWatch::Time refused_since;
    std::optional<ShardWatch> watch;
    std::uint64_t beats = 0;   ///< that were sent
    std::vector<double> sums;  ///< of its blocks, waiting for those of the others
    bool has_sums = false;
    std::deque<Answer> answers;
    std::unique_ptr<Pulse> heart;
  };

  void greet(std::uint32_t shard);
  void beat(std::uint32_t shard);
  /// Listens to a shard for a moment. False: it can't go on.
  bool listen(std::uint32_t shard);
  // What has come, and whether nothing is wrong with the shard. They throw what is.
  void take(std::uint32_t shard, const IncomingMessage& incoming);
  void watch(std::uint32_t shard, ShardWatch::Time now);
  /// News of the connection.
  void note(std::uint32_t shard, const IncomingMessage& incoming);
  void take(std::uint32_t shard, const ShardRefusal& refusal);
  void hear(std::uint32_t shard, const FromShard& says, std::span<const std::byte> body,
            ShardWatch::Time time);
  void hear_sums(std::uint32_t shard, std::span<const std::byte> body, ShardWatch::Time time);
  void add_up();
  void fail(std::uint32_t shard, const std::string& why);
  [[nodiscard]] std::string blame(std::uint32_t shard, const std::string& why) const;
  [[nodiscard]] bool all_ready() const;
  void check_locked() const;
  void close();

  std::string config_;
  std::uint64_t incarnation_;
  std::vector<std::size_t> lengths_;
  std::mutex mutex_;
  std::string failure_;  ///< empty: all is well
  std::vector<Link> links_;
  std::unique_ptr<Listening> listening_;
};

}  // namespace syncline
