#pragma once

#include <chrono>
#include <deque>
#include <optional>
#include <string>

#include "fleet/cluster/patience.hpp"
#include "fleet/cluster/reply_deadline.hpp"
#include "fleet/shards/shard_messages.hpp"

namespace syncline {

/// Whether a shard still does its part, judged by when something comes of it. Its signs of life
/// come from a thread that does nothing else: without them it is stopped, dead or out of reach. Its
/// replies come in the order of what it was told: without them it is stuck, or what it was told has
/// not got there. How long to wait for either is learned from how long it took before
/// (ReplyDeadline); a long message that is on its way, either way, is a reply. No clock and no
/// threads of its own: whoever uses it says what time it is.
class ShardWatch {
 public:
  using Time = std::chrono::steady_clock::time_point;
  using Seconds = std::chrono::duration<double>;

  ShardWatch(Seconds heartbeat, Time now);

  /// The shard is ready: replies are waited for from here on.
  void ready(Time time);
  /// A beat was sent to it.
  void beaten(std::uint64_t number, Time time);
  /// It was asked something that it has to answer.
  void asked(Time time);
  /// Its sums are wanted, which other shards have sent.
  void owes_sums(Time time);

  /// Something has come that is no beat: a message, or part of one.
  void heard(Time time);
  void heard(const ShardBeat& beat, Time time);
  void answered(Time time);
  void sums_came() { owes_sums_.reset(); }
  /// Questions that have no answer yet.
  [[nodiscard]] std::size_t unanswered() const { return questions_.size(); }

  /// What is wrong with it, in words; nullopt: nothing. To be asked now and then, several times in
  /// a heartbeat: when it was not, this process itself was stopped, and that time does not count.
  [[nodiscard]] std::optional<std::string> complaint(Time now);

 private:
  struct Beat {
    std::uint64_t number;
    Time sent;
  };

  Seconds heartbeat_;
  ReplyDeadline signs_, replies_, answers_;
  Time looked_, awake_;  ///< asked last; and when it was after a pause
  bool ready_ = false;
  std::optional<Time> last_sign_;  ///< of life; none before the first beat
  std::optional<Time> last_beat_;
  std::uint64_t heard_there_ = 0;  ///< by the last beat
  Time moved_;                     ///< when something was seen to go on, in either direction
  std::deque<Beat> beats_;         ///< that it has not come to
  std::deque<Time> questions_;     ///< when they were asked
  std::optional<Time> last_answer_, owes_sums_;
};

}  // namespace syncline
