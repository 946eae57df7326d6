#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <optional>

namespace syncline {

/// How long to wait for a reply that takes no computing: median + 10 x the median absolute
/// deviation of the last reply times, within limits. Until there are some, the upper limit.
/// Outliers that are fewer than half hardly move it, so one long pause neither ends all patience
/// nor makes it endless.
class ReplyDeadline {
 public:
  using Seconds = std::chrono::duration<double>;

  /// 0 <= lower <= upper.
  ReplyDeadline(Seconds lower, Seconds upper) : lower_(lower), upper_(upper) {}

  /// A reply took so long, >= 0.
  void measured(Seconds time);
  [[nodiscard]] Seconds value() const { return value_.value_or(upper_); }

  static constexpr std::size_t fewest = 5;  ///< reply times before they count
  static constexpr std::size_t most = 33;   ///< that count
  static constexpr double deviations = 10;

 private:
  Seconds lower_, upper_;
  std::deque<Seconds> times_;
  std::optional<Seconds> value_;
};

}  // namespace syncline
