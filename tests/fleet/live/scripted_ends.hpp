#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <thread>
#include <vector>

#include "fleet/shards/shard_messages.hpp"
#include "transport/transport.hpp"

// Ends of connections of which a test says what comes in, and when. Their time passes as the test
// wants, and nothing waits for it.
namespace syncline::testing {

using TestTime = std::chrono::steady_clock::time_point;

inline std::vector<std::byte> with_body(std::vector<std::byte> head,
                                        std::span<const std::byte> body) {
  head.insert(head.end(), body.begin(), body.end());
  return head;
}
template <class Number>
std::vector<std::byte> with_body(std::vector<std::byte> head, const std::vector<Number>& body) {
  return with_body(std::move(head), std::as_bytes(std::span<const Number>(body)));
}

/// A pulse that never beats.
class NoPulse final : public Pulse {};

/// A shard's end, in one thread: what comes is a list, after which time passes quickly.
class ScriptedServer final : public ServerTransport {
 public:
  void put(Peer peer, IncomingMessage::Kind kind, std::vector<std::byte> bytes = {}) {
    IncomingMessage message;
    message.kind = kind;
    message.peer = peer;
    message.time = next_;
    message.bytes = std::move(bytes);
    messages_.push_back(std::move(message));
  }
  void put(Peer peer, const ToShard& says, const std::vector<double>& body = {}) {
    put(peer, IncomingMessage::Kind::message, with_body(encode_message(says), body));
  }
  /// What is put from here on comes so much later.
  void later(std::chrono::duration<double> time) {
    next_ += std::chrono::duration_cast<std::chrono::steady_clock::duration>(time);
  }
  /// Whether all has come, and nothing for a while after it.
  [[nodiscard]] bool over() const { return messages_.empty() && idle_ > patience; }
  /// How often nothing comes before it is over.
  int patience = 3;

  [[nodiscard]] TestTime now() const override { return now_; }
  [[nodiscard]] std::unique_ptr<Pulse> pulse(std::chrono::duration<double>,
                                             std::function<void()>) override {
    return std::make_unique<NoPulse>();
  }
  void send(Peer peer, OutgoingMessage message) override {
    const auto bytes = with_body(std::move(message.head), message.body);
    std::span<const std::byte> body;
    said[peer].push_back(decode_from_shard(bytes, body));
    bodies[peer].emplace_back(body.begin(), body.end());
  }
  void admit(Peer peer) override { admitted.insert(peer); }
  void close(Peer peer) override { closed.insert(peer); }
  std::optional<IncomingMessage> receive(TestTime deadline) override {
    if (messages_.empty() || messages_.front().time > deadline) {
      now_ = std::max(now_, deadline);
      if (messages_.empty()) ++idle_;
      return std::nullopt;
    }
    idle_ = 0;
    std::optional<IncomingMessage> message = std::move(messages_.front());
    messages_.pop_front();
    now_ = std::max(now_, message->time);
    return message;
  }
  [[nodiscard]] std::string name(Peer peer) const override { return std::to_string(peer); }

  template <class Message>
  [[nodiscard]] const Message* last(Peer peer) const {
    const auto all = said.find(peer);
    if (all == said.end()) return nullptr;
    for (auto says = all->second.rbegin(); says != all->second.rend(); ++says) {
      if (const auto* message = std::get_if<Message>(&*says)) return message;
    }
    return nullptr;
  }

  std::map<Peer, std::vector<FromShard>> said;
  std::map<Peer, std::vector<std::vector<std::byte>>> bodies;
  std::set<Peer> admitted, closed;

 private:
  std::deque<IncomingMessage> messages_;
  TestTime now_ = TestTime(std::chrono::hours(1)), next_ = now_;
  int idle_ = 0;
};

/// The other end of a connection to a shard or a coordinator, which may be used by several threads:
/// what is sent is answered at once by what the test has it answered with.
class ScriptedEnd final : public WorkerTransport {
 public:
  /// Told of each message that is sent.
  using OnSend = std::function<void(ScriptedEnd&, const std::vector<std::byte>&)>;
  explicit ScriptedEnd(OnSend on_send) : on_send_(std::move(on_send)) {
    put(IncomingMessage::Kind::joined);
  }

  void put(IncomingMessage::Kind kind, std::vector<std::byte> bytes = {}) {
    {
      const std::lock_guard lock(mutex_);
      IncomingMessage message;
      message.kind = kind;
      message.time = now_;
      message.bytes = std::move(bytes);
      messages_.push_back(std::move(message));
    }
    filled_.notify_all();
  }
  template <class Number = double>
  void say(const FromShard& says, const std::vector<Number>& body = {}) {
    put(IncomingMessage::Kind::message, with_body(encode_message(says), body));
  }
  /// From here on time passes as soon as nothing comes, half an hour of it: deadlines are over at
  /// once.
  void rush() {
    const std::lock_guard lock(mutex_);
    rushing_ = true;
  }

  void pass(std::chrono::duration<double> time) {
    const std::lock_guard lock(mutex_);
    now_ += std::chrono::duration_cast<std::chrono::steady_clock::duration>(time);
  }

  [[nodiscard]] TestTime now() const override {
    const std::lock_guard lock(mutex_);
    return now_;
  }
  /// Beats whenever its time has come, from within receive().
  [[nodiscard]] std::unique_ptr<Pulse> pulse(std::chrono::duration<double> every,
                                             std::function<void()> act) override {
    const std::lock_guard lock(mutex_);
    every_ = std::chrono::duration_cast<std::chrono::steady_clock::duration>(every);
    next_beat_ = now_ + every_;
    act_ = std::move(act);
    return std::make_unique<OwnPulse>(*this);
  }
  void send(OutgoingMessage message) override {
    on_send_(*this, with_body(std::move(message.head), message.body));
  }
  std::optional<IncomingMessage> receive(TestTime deadline) override {
    std::function<void()> act;
    {
      std::unique_lock lock(mutex_);
      if (messages_.empty() && !rushing_) filled_.wait_for(lock, std::chrono::milliseconds(5));
      if (!messages_.empty()) {
        std::optional<IncomingMessage> message = std::move(messages_.front());
        messages_.pop_front();
        return message;
      }
      if (!rushing_ || now_ > begin_ + std::chrono::minutes(30)) return std::nullopt;
      now_ = std::max(now_, deadline);
      if (act_ && now_ >= next_beat_) {
        next_beat_ = now_ + every_;
        act = act_;
      }
    }
    if (act) act();
    return std::nullopt;
  }
  void reconnect() override {
    ++reconnects;
    if (before_left) before_left();
    put(IncomingMessage::Kind::left);
  }

  std::atomic<int> reconnects{0};
  /// Says what had come before the connection was ended anew.
  std::function<void()> before_left;

 private:
  class OwnPulse final : public Pulse {
   public:
    explicit OwnPulse(ScriptedEnd& end) : end_(end) {}
    ~OwnPulse() override {
      const std::lock_guard lock(end_.mutex_);
      end_.act_ = nullptr;
    }

   private:
    ScriptedEnd& end_;
  };

  OnSend on_send_;
  mutable std::mutex mutex_;
  std::condition_variable filled_;
  std::deque<IncomingMessage> messages_;
  /// Long ago, so that nobody who waits by the real clock waits for any deadline of this one.
  TestTime begin_ = std::chrono::steady_clock::now() - std::chrono::hours(1);
  TestTime now_ = begin_;
  TestTime next_beat_;
  std::chrono::steady_clock::duration every_{0};
  std::function<void()> act_;
  bool rushing_ = false;
};

}  // namespace syncline::testing
