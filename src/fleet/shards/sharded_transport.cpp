#include "fleet/shards/sharded_transport.hpp"

#include <algorithm>
#include <deque>
#include <map>
#include <mutex>
#include <sstream>
#include <type_traits>
#include <vector>

#include <nlohmann/json.hpp>

#include "fleet/cluster/patience.hpp"
#include "fleet/cluster/protocol.hpp"
#include "fleet/shards/arrivals.hpp"
#include "fleet/shards/shard_messages.hpp"

namespace syncline {
namespace {

using Clock = std::chrono::steady_clock;

/// The number of a kind of message, which it begins with.
template <class Message, class... All>
constexpr std::size_t index_in(const std::variant<All...>*) {
  std::size_t index = 0;
  static_cast<void>(((std::is_same_v<Message, All> || (++index, false)) || ...));
  return index;
}

std::vector<std::string> split(const std::string& text) {
  std::vector<std::string> parts;
  std::istringstream in(text);
  for (std::string part; std::getline(in, part, ',');) parts.push_back(part);
  return parts;
}

/// Number of the coordinator among the sources; those of the shards follow.
constexpr std::size_t coordinator_source = 0;

/// A result that leaves when all shards have their parts.
struct Leaving {
  OutgoingMessage message;       ///< what the coordinator gets
  std::optional<Result> result;  ///< of which the parts are on their way
  std::size_t stored = 0;        ///< by so many shards
  bool finite = true;
};

/// The connections of one welcome.
class Shards {
 public:
  Shards(const std::vector<std::string>& addresses, const DialShard& dial, Arrivals& arrivals) {
    for (const std::string& address : addresses) {
      transports_.push_back(dial(address));
      arrivals.listen_to(*transports_.back(), transports_.size());
    }
  }
  [[nodiscard]] std::size_t count() const { return transports_.size(); }
  void send(std::size_t shard, OutgoingMessage message) {
    transports_[shard]->send(std::move(message));
  }

 private:
  std::vector<std::unique_ptr<WorkerTransport>> transports_;
};

class ShardedTransport final : public WorkerTransport {
 public:
  ShardedTransport(WorkerTransport& coordinator, DialShard dial, std::string token)
      : coordinator_(coordinator), dial_(std::move(dial)), token_(std::move(token)) {}

  [[nodiscard]] Clock::time_point now() const override { return coordinator_.now(); }

  void send(OutgoingMessage message) override {
    const std::lock_guard lock(mutex_);
    if (!shards_) return coordinator_.send(std::move(message));
    const auto kind = std::to_integer<std::size_t>(message.head.at(0));
    // Signs of life overtake what waits.
    if (kind == index_of<Heartbeat>) return coordinator_.send(std::move(message));
    Leaving leaving{std::move(message), std::nullopt};
    if (kind == index_of<Result>) cut(leaving);
    leaving_.push_back(std::move(leaving));
    let_leave();
  }

  std::optional<IncomingMessage> receive(Clock::time_point deadline) override {
    for (;;) {
      if (auto ready = next_ready()) return ready;
      auto [source, message] = next(deadline);
      if (!message) return std::nullopt;
      if (source != coordinator_source) {
        hear_shard(source - 1, std::move(*message));
      } else if (auto passed = hear_coordinator(std::move(*message))) {
        return passed;
      }
    }
  }

  void reconnect() override {
    part();
    coordinator_.reconnect();
  }
  [[nodiscard]] std::string trouble() const override { return coordinator_.trouble(); }

 private:
  template <class Message>
  static constexpr std::size_t index_of =
      index_in<Message>(static_cast<const WorkerSays*>(nullptr));

  struct Next {
    std::size_t source = coordinator_source;
    std::optional<IncomingMessage> message;
  };
  /// What has come next, from wherever.
  Next next(Clock::time_point deadline) {
    if (!early_.empty()) {
      Next next{coordinator_source, std::move(early_.front())};
      early_.pop_front();
      return next;
    }
    if (!arrivals_) return {coordinator_source, coordinator_.receive(deadline)};
    auto arrived = arrivals_->take(deadline);
    if (!arrived) return {};
    return {arrived->first, std::move(arrived->second)};
  }

  /// Nullopt: it waits.
  std::optional<IncomingMessage> hear_coordinator(IncomingMessage&& message) {
    if (message.kind == IncomingMessage::Kind::left) {
      part();
      return message;
    }
    if (message.kind != IncomingMessage::Kind::message) return message;
    std::span<const std::byte> body;
    const ServerSays says = decode_from_server(message.bytes, body);
    if (const auto* welcome = std::get_if<Welcome>(&says)) {
      if (welcome->shards.empty()) return message;
      meet(*welcome);
    } else if (!arrivals_ || std::holds_alternative<Beat>(says)) {
      return message;
    }
    waiting_.push_back(std::move(message));
    return std::nullopt;
  }

  /// The first of those that wait, if what it waits for is there.
  std::optional<IncomingMessage> next_ready() {
    if (waiting_.empty()) return std::nullopt;
    IncomingMessage& first = waiting_.front();
    std::span<const std::byte> body;
    const ServerSays says = decode_from_server(first.bytes, body);
    if (std::holds_alternative<Welcome>(says)) {
      if (ready_ < shards_->count()) return std::nullopt;
      heart_.reset();
    }
    if (const auto* assignment = std::get_if<Assignment>(&says)) {
      if (assignment->states > 0) {
        const auto parts = parts_.find(assignment->job.job);
        if (parts == parts_.end() || parts->second.count < shards_->count()) return std::nullopt;
        append_state(parts->second, assignment->read, first.bytes);
      }
      parts_.erase(parts_.begin(), parts_.upper_bound(assignment->job.job));
    }
    std::optional<IncomingMessage> ready = std::move(first);
    waiting_.pop_front();
    return ready;
  }

  void meet(const Welcome& welcome) {
    part();
    arrivals_ = std::make_unique<Arrivals>();
    arrivals_->listen_to(coordinator_, coordinator_source);
    const auto addresses = split(welcome.shards);
    const std::lock_guard lock(mutex_);
    shards_ = std::make_unique<Shards>(addresses, dial_, *arrivals_);
    hello_ = {protocol_magic, protocol_version, token_, welcome.incarnation, welcome.worker};
    lengths_.assign(addresses.size(), 0);
    // The worker's own heart begins to beat at its welcome, for which the shards are waited for.
    if (welcome.heartbeat >= shortest_heartbeat && welcome.heartbeat <= longest_heartbeat) {
      heart_ = coordinator_.pulse(std::chrono::duration<double>(welcome.heartbeat),
                                  [this] { coordinator_.send({encode(WorkerSays(Heartbeat{}))}); });
    }
  }

  /// From all shards, and from what was under way.
  void part() {
    heart_.reset();
    // First those who listen to the shards. What the coordinator has said to them is kept.
    if (arrivals_) {
      for (auto& [source, message] : arrivals_->close()) {
        if (source == coordinator_source) early_.push_back(std::move(message));
      }
    }
    arrivals_.reset();
    const std::lock_guard lock(mutex_);
    shards_.reset();
    leaving_.clear();
    waiting_.clear();
    parts_.clear();
    ready_ = 0;
  }

  void hear_shard(std::size_t shard, IncomingMessage&& message) {
    if (message.kind == IncomingMessage::Kind::joined) {
      shards_->send(shard, {encode_message(ToShard(hello_))});
      return;
    }
    if (message.kind == IncomingMessage::Kind::left) {
      // Without one of its shards the server is of no use. If it was there at all, the connection
      // to the coordinator is begun anew, so that both know.
      if (lengths_[shard] > 0) reconnect();
      return;
    }
    if (message.kind != IncomingMessage::Kind::message) return;
    std::span<const std::byte> body;
    const FromShard says = decode_from_shard(message.bytes, body);
    if (const auto* ready = std::get_if<ShardReady>(&says)) {
      lengths_[shard] = ready->length;
      ++ready_;
    } else if (const auto* part = std::get_if<StatePart>(&says)) {
      Parts& parts = parts_[part->job];
      parts.of_shards.resize(shards_->count());
      parts.versions.push_back(part->version);
      parts.of_shards[shard].assign(body.begin(), body.end());
      ++parts.count;
    } else if (const auto* stored = std::get_if<PartStored>(&says)) {
      note_stored(*stored);
    } else if (const auto* refusal = std::get_if<ShardRefusal>(&says)) {
      throw MalformedMessage("a shard refuses this worker: " + refusal->reason);
    }
  }

  void note_stored(const PartStored& stored) {
    const std::lock_guard lock(mutex_);
    for (Leaving& leaving : leaving_) {
      if (!leaving.result || leaving.result->job != stored.job) continue;
      ++leaving.stored;
      leaving.finite &= stored.finite;
    }
    let_leave();
  }

  /// What is first in the row and complete. With the lock held.
  void let_leave() {
    while (!leaving_.empty()) {
      Leaving& first = leaving_.front();
      if (first.result) {
        if (first.stored < shards_->count()) return;
        // In place of the payload, whether it is fit for use.
        first.message.head.push_back(static_cast<std::byte>(first.finite));
      }
      coordinator_.send(std::move(first.message));
      leaving_.pop_front();
    }
  }

  /// Sends the shards their parts of a payload. With the lock held.
  void cut(Leaving& leaving) {
    std::span<const std::byte> coded;
    const WorkerSays says = decode_from_worker(leaving.message.head, coded);
    auto result = std::get<Result>(says);
    if (result.steps == 0) return;
    const bool is_coded = std::exchange(result.coded, false);
    std::size_t total = 0;
    for (const std::uint64_t length : lengths_) total += length;
    const std::size_t number = is_coded ? 0 : leaving.message.body.size() / total;
    std::size_t begin = 0;
    for (std::size_t shard = 0; shard < shards_->count(); ++shard) {
      OutgoingMessage part{encode_message(ToShard(PayloadPart{result.job, is_coded}))};
      if (is_coded) {
        part.head.insert(part.head.end(), coded.begin(), coded.end());
      } else {
        part.owner = leaving.message.owner;
        part.body = leaving.message.body.subspan(begin, lengths_[shard] * number);
        begin += part.body.size();
      }
      shards_->send(shard, std::move(part));
    }
    leaving.message = {encode(WorkerSays(result))};
    leaving.result = result;
  }

  /// Slices of a state.
  struct Parts {
    std::vector<std::vector<std::byte>> of_shards;
    std::vector<Version> versions;
    std::size_t count = 0;
  };

  static void append_state(const Parts& parts, Version version, std::vector<std::byte>& bytes) {
    for (const Version each : parts.versions) {
      if (each != version) {
        throw MalformedMessage("a job starts at version " + std::to_string(version) +
                               ", and a shard has sent version " + std::to_string(each));
      }
    }
    for (const auto& part : parts.of_shards) bytes.insert(bytes.end(), part.begin(), part.end());
  }

  WorkerTransport& coordinator_;
  DialShard dial_;
  std::string token_;

  std::mutex mutex_;                    ///< for what send() uses
  std::unique_ptr<Shards> shards_;      ///< null: none are known
  std::vector<std::uint64_t> lengths_;  ///< elements of their parts of a state; 0: not yet ready
  std::deque<Leaving> leaving_;

  std::unique_ptr<Pulse> heart_;  ///< while shards are waited for
  WorkerHello hello_;
  std::size_t ready_ = 0;              ///< shards that are
  std::deque<IncomingMessage> early_;  ///< of the coordinator, to be looked at first
  std::deque<IncomingMessage> waiting_;
  std::map<std::uint64_t, Parts> parts_;  ///< by job
  std::unique_ptr<Arrivals> arrivals_;    ///< the last member: it uses the connections
};

}  // namespace

std::unique_ptr<WorkerTransport> make_sharded_transport(WorkerTransport& coordinator,
                                                        DialShard dial, const std::string& token) {
  return std::make_unique<ShardedTransport>(coordinator, std::move(dial), token);
}

}  // namespace syncline
