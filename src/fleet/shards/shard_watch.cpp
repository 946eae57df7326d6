#include "fleet/shards/shard_watch.hpp"

#include <algorithm>

namespace syncline {
namespace {

/// Between two looks, beyond which this process was stopped in between: heartbeats, or longer.
constexpr double longest_gap = 2;
constexpr ShardWatch::Seconds longest_nap{0.5};

std::string seconds(ShardWatch::Seconds time) {
  return std::to_string(static_cast<long>(time.count() + 0.5)) + " s";
}

}  // namespace

ShardWatch::ShardWatch(Seconds heartbeat, Time now)
    : heartbeat_(heartbeat),
      signs_(patience_with(heartbeat), longest_patience_with(heartbeat)),
      replies_(signs_),
      answers_(signs_),
      looked_(now),
      awake_(now),
      moved_(now) {}

void ShardWatch::ready(Time time) {
  ready_ = true;
  moved_ = time;
  beats_.clear();
}

void ShardWatch::beaten(std::uint64_t number, Time time) {
  if (ready_) beats_.push_back({number, time});
}

void ShardWatch::asked(Time time) { questions_.push_back(time); }

void ShardWatch::owes_sums(Time time) {
  if (!owes_sums_) owes_sums_ = time;
}

void ShardWatch::heard(Time time) {
  moved_ = std::max(moved_, time);
  if (last_sign_) last_sign_ = std::max(*last_sign_, time);
}

void ShardWatch::heard(const ShardBeat& beat, Time time) {
  if (last_beat_ && time >= *last_beat_) signs_.measured(time - *last_beat_);
  last_beat_ = time;
  last_sign_ = last_sign_ ? std::max(*last_sign_, time) : time;
  if (beat.heard != heard_there_) moved_ = std::max(moved_, time);
  heard_there_ = beat.heard;
  while (!beats_.empty() && beats_.front().number <= beat.reached) {
    replies_.measured(std::max(Seconds(0), Seconds(time - beats_.front().sent)));
    beats_.pop_front();
  }
}

void ShardWatch::answered(Time time) {
  // Of several questions the later ones wait for the earlier.
  const Time begin =
      last_answer_ ? std::max(*last_answer_, questions_.front()) : questions_.front();
  answers_.measured(std::max(Seconds(0), Seconds(time - begin)));
  questions_.pop_front();
  last_answer_ = time;
}

std::optional<std::string> ShardWatch::complaint(Time now) {
  if (now - looked_ > std::max(longest_gap * heartbeat_, longest_nap)) awake_ = now;
  looked_ = now;
  const auto since = [&](Time time) { return Seconds(now - std::max(time, awake_)); };
  if (last_sign_) {
    const Seconds silence = since(*last_sign_);
    if (silence > missing_heartbeats * heartbeat_ + signs_.value()) {
      return "it has given no sign of life for " + seconds(silence);
    }
  }
  const auto overdue = [&](Time begin, const ReplyDeadline& deadline) {
    return since(std::max(begin, moved_)) > missing_heartbeats * heartbeat_ + deadline.value();
  };
  if (!beats_.empty() && overdue(beats_.front().sent, replies_)) {
    return "it gives signs of life, but has taken no orders for " +
           seconds(since(beats_.front().sent));
  }
  if (!questions_.empty() &&
      overdue(std::max(questions_.front(), last_answer_.value_or(Time())), answers_)) {
    return "it takes orders, but has not answered for " + seconds(since(questions_.front()));
  }
  if (owes_sums_ && since(*owes_sums_) > longest_patience_with(heartbeat_)) {
    return "it takes orders, but has not sent its sums for " + seconds(since(*owes_sums_));
  }
  return std::nullopt;
}

}  // namespace syncline
