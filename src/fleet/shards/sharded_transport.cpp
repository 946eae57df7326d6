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
#include "fleet/shards/shard_patience.hpp"
#include "fleet/shards/state_parts.hpp"

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
/// Elements of a shard's part of a state, at most: of more, no message could tell.
constexpr std::uint64_t longest_part = std::uint64_t{1} << 32U;
/// Jobs whose states may be here before the coordinator's word of them.
constexpr std::size_t most_early = 4096;
/// Whoever does not look up for longer was stopped, or busy with its model.
constexpr std::chrono::seconds longest_nap{2};

/// A result that leaves when all shards have their parts.
struct Leaving {
  OutgoingMessage message;       ///< what the coordinator gets
  std::optional<Result> result;  ///< of which the parts are on their way
  std::vector<bool> stored;      ///< by which shards
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
  ShardedTransport(WorkerTransport& coordinator, DialShard dial, std::string token,
                   std::unique_ptr<Listening> listening)
      : coordinator_(coordinator),
        dial_(std::move(dial)),
        token_(std::move(token)),
        listening_(std::move(listening)) {}

  [[nodiscard]] Clock::time_point now() const override { return coordinator_.now(); }
  [[nodiscard]] std::unique_ptr<Pulse> pulse(std::chrono::duration<double> every,
                                             std::function<void()> act) override {
    return coordinator_.pulse(every, std::move(act));
  }

  void send(OutgoingMessage message) override {
    const std::lock_guard lock(mutex_);
    if (!shards_) return coordinator_.send(std::move(message));
    const auto kind = std::to_integer<std::size_t>(message.head.at(0));
    // Signs of life overtake what waits.
    if (kind == index_of<Heartbeat>) return coordinator_.send(std::move(message));
    Leaving leaving{std::move(message), std::nullopt, {}};
    if (kind == index_of<Result>) cut(leaving);
    leaving_.push_back(std::move(leaving));
    let_leave();
  }

  std::optional<IncomingMessage> receive(Clock::time_point deadline) override {
    for (;;) {
      if (auto ready = next_ready()) return ready;
      auto [source, message] = next(deadline);
      if (look_up(message && source != coordinator_source) && source != coordinator_source)
        continue;
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
    leaves_ = true;
    coordinator_.reconnect();
  }
  [[nodiscard]] std::string trouble() const override {
    return trouble_.empty() ? coordinator_.trouble() : trouble_;
  }

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
      leaves_ = false;
      return message;
    }
    if (message.kind == IncomingMessage::Kind::joined) {
      leaves_ = false;
      trouble_.clear();
    }
    if (message.kind != IncomingMessage::Kind::message) return message;
    // Without the shards that it is about, it makes no sense any more.
    if (leaves_) return std::nullopt;
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
      states_.wait_from(now());
      if (ready_ < shards_->count()) return std::nullopt;
      states_.over();
      heart_.reset();
      trouble_.clear();
    }
    if (const auto* assignment = std::get_if<Assignment>(&says)) {
      const std::uint64_t job = assignment->job.job;
      if (assignment->states > 0) {
        states_.wait_from(now());
        if (!parts_.complete(job)) return std::nullopt;
        states_.over(now());
        parts_.append(job, assignment->read, first.bytes);
      }
      parts_.drop_until(job);
    }
    std::optional<IncomingMessage> ready = std::move(first);
    waiting_.pop_front();
    return ready;
  }

  void meet(const Welcome& welcome) {
    part();
    arrivals_ = std::make_unique<Arrivals>(*listening_);
    arrivals_->listen_to(coordinator_, coordinator_source);
    const auto addresses = split(welcome.shards);
    const std::lock_guard lock(mutex_);
    shards_ = std::make_unique<Shards>(addresses, dial_, *arrivals_);
    hello_.token = token_;
    hello_.incarnation = welcome.incarnation;
    hello_.worker = welcome.worker;
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
    states_.over();
    stores_.over();
    ready_ = 0;
  }

  /// A shard that does not reply any more must not make the worker hang: it joins anew, and the
  /// coordinator has its job done by others. `moved`: something of a shard has come. True: it has
  /// parted from all shards.
  bool look_up(bool moved) {
    const auto time = now();
    if (moved || time - looked_ > longest_nap) moved_ = time;
    looked_ = time;
    std::optional<ShardPatience::Seconds> waited = states_.exhausted(time, moved_);
    {
      const std::lock_guard lock(mutex_);
      if (!waited) waited = stores_.exhausted(time, moved_);
    }
    if (!waited) return false;
    trouble_ = "a shard has not replied for " + std::to_string(static_cast<long>(waited->count())) +
               " s; connecting anew";
    reconnect();
    return true;
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
      take(shard, *ready);
    } else if (const auto* part = std::get_if<StatePart>(&says)) {
      if (lengths_[shard] == 0) throw MalformedMessage("a shard sends states before it is ready");
      parts_.put(shard, *part, body);
    } else if (const auto* stored = std::get_if<PartStored>(&says)) {
      note_stored(shard, *stored);
    } else if (const auto* refusal = std::get_if<ShardRefusal>(&says)) {
      // One that has another run by now, or none: this worker's is over.
      if (refusal->try_again) return reconnect();
      throw MalformedMessage("a shard refuses this worker: " + refusal->reason);
    } else {
      throw MalformedMessage("a shard takes this worker for its coordinator");
    }
  }

  void take(std::size_t shard, const ShardReady& ready) {
    if (lengths_[shard] > 0) throw MalformedMessage("a shard says twice that it is ready");
    if (ready.length == 0 || ready.length > longest_part) {
      throw MalformedMessage("a shard has a part of no possible length");
    }
    const std::lock_guard lock(mutex_);
    lengths_[shard] = ready.length;
    ++ready_;
    double elements = 0;
    for (const std::uint64_t length : lengths_) elements += static_cast<double>(length);
    states_.allow_for(elements * sizeof(double));
    stores_.allow_for(elements * sizeof(double));
  }

  void note_stored(std::size_t shard, const PartStored& stored) {
    const std::lock_guard lock(mutex_);
    for (Leaving& leaving : leaving_) {
      if (!leaving.result || leaving.result->job != stored.job) continue;
      if (leaving.stored[shard]) throw MalformedMessage("a shard has stored a payload twice");
      leaving.stored[shard] = true;
      leaving.finite &= stored.finite;
    }
    let_leave();
  }

  /// What is first in the row and complete. With the lock held.
  void let_leave() {
    while (!leaving_.empty()) {
      Leaving& first = leaving_.front();
      if (first.result) {
        stores_.wait_from(now());
        if (std::find(first.stored.begin(), first.stored.end(), false) != first.stored.end()) {
          return;
        }
        stores_.over(now());
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
    if (!is_coded && leaving.message.body.size() != number * total) {
      throw MalformedMessage("the shards' parts of the model are not those of this worker");
    }
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
    leaving.stored.assign(shards_->count(), false);
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
  StateParts parts_{lengths_, most_early};
  ShardPatience states_;  ///< with what comes from shards before a job
  ShardPatience stores_;  ///< with what says that payloads have come there; with the lock held
  Clock::time_point looked_{coordinator_.now()}, moved_{looked_};
  bool leaves_ = false;  ///< the coordinator, and its `left` is still to come
  std::string trouble_;  ///< with a shard; empty: none
  std::unique_ptr<Listening> listening_;
  std::unique_ptr<Arrivals> arrivals_;  ///< the last member: it uses the connections
};

}  // namespace

std::unique_ptr<WorkerTransport> make_sharded_transport(WorkerTransport& coordinator,
                                                        DialShard dial, const std::string& token,
                                                        std::unique_ptr<Listening> listening) {
  return std::make_unique<ShardedTransport>(coordinator, std::move(dial), token,
                                            std::move(listening));
}

}  // namespace syncline
