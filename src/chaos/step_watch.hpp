#pragma once

#include <optional>

#include "chaos/link_proxy.hpp"
#include "chaos/message_reader.hpp"

namespace syncline {

/// What is waited for in the messages that pass through a proxy, and what has passed. For the
/// proxy's thread.
class StepWatch {
 public:
  void catch_at(const ProtocolStep& step) {
    wanted_ = step;
    ++turn_;
  }
  void catch_nothing() { wanted_.reset(); }

  /// Whether this is the place; then it is passed to reached() once all before it has been passed
  /// on. A connection may end before that, so that the next such place counts.
  [[nodiscard]] bool is_wanted(LinkWay way, const MessageMark& mark) const {
    return wanted_ && mark.end == wanted_->passed && step_of(way, mark.kind) == wanted_->message;
  }
  /// Which wait it is, for reached().
  [[nodiscard]] std::uint64_t turn() const { return turn_; }
  /// Whether the link is to stop here: the first that comes to what `turn` has waited for.
  [[nodiscard]] bool reached(std::uint64_t turn, std::uint32_t link) {
    if (!wanted_ || turn != turn_) return false;
    wanted_.reset();
    caught_ = link;
    return true;
  }
  void count(LinkWay way, const MessageMark& mark) {
    const std::size_t step = step_of(way, mark.kind);
    if (!mark.end && step < protocol_message_count) ++passed_[step];
  }

  [[nodiscard]] const std::optional<std::uint32_t>& caught() const { return caught_; }
  void let_go() { caught_.reset(); }
  [[nodiscard]] const PassedMessages& passed() const { return passed_; }

 private:
  std::optional<ProtocolStep> wanted_;
  std::optional<std::uint32_t> caught_;
  std::uint64_t turn_ = 0;
  PassedMessages passed_ = {};
};

}  // namespace syncline
