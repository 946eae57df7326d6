#include <algorithm>
#include <cmath>
#include <limits>

#include <boost/math/tools/toms748_solve.hpp>

#include "fit/families.hpp"

namespace syncline {
namespace {

// Logarithms of a width, over and under which nothing can be: 1e-13 and 1e17 times the range.
constexpr double smallest_step = -30;
constexpr double largest_step = 40;

/// The root of a falling function of one variable, once it is bracketed.
template <typename F>
double root_between(const F& f, double left, double right) {
  // A solver can't use infinity.
  const auto finite = [&](double x) { return std::max(f(x), -1e9); };
  std::uintmax_t steps = 100;
  const auto root = boost::math::tools::toms748_solve(
      finite, left, right, boost::math::tools::eps_tolerance<double>(40), steps);
  return (root.first + root.second) / 2;
}

/// The likelihood of the upper end with the lower end at the shortest complete job, where it is
/// largest. The upper end is given by its excess over the longest job: near that job the difference
/// would lose all its digits.
class UpperEnd {
 public:
  explicit UpperEnd(const Sample& sample) : events_(sample.event_count()) {
    const double low = sample.events().front().time;
    const double longest = sample.events().back().time;
    const auto& censored = sample.censored();
    longest_ = censored.empty() ? longest : std::max(longest, censored.back().time);
    width_ = longest_ - low;
    at_end_ = longest_ == longest;
    for (const auto& [time, count] : censored) {
      if (time > low) running_.push_back({longest_ - time, count});
    }
  }

  [[nodiscard]] double likelihood(double excess) const {
    double value = -events_ * std::log(width_ + excess);
    for (const auto& [gap, count] : running_) {
      value += count * (std::log(gap + excess) - std::log(width_ + excess));
    }
    return value;
  }

  /// With u = high - low, u times the derivative, sum of u / (high - c) over the censored jobs
  /// minus the number of jobs, falls in `high`; so its root is the one maximum, or the longest
  /// complete job if it is negative there already.
  [[nodiscard]] double best() const {
    const auto slope = [&](double log_excess) {
      const double excess = width_ * std::exp(log_excess);
      double sum = -events_;
      for (const auto& [gap, count] : running_) {
        sum += count * ((width_ + excess) / (gap + excess) - 1);
      }
      return sum;
    };
    if (slope(smallest_step) <= 0) return at_end_ ? 0 : width_ * std::exp(smallest_step);
    return width_ * std::exp(root_between(slope, smallest_step, largest_step));
  }

  /// Where, above `excess`, the log-likelihood has fallen by `loss`; infinity if it never does.
  [[nodiscard]] double above(double excess, double loss) const {
    const double level = likelihood(excess) - loss;
    const auto rest = [&](double log_step) {
      return likelihood(excess + width_ * std::exp(log_step)) - level;
    };
    if (rest(smallest_step) <= 0) return excess;
    if (rest(largest_step) > 0) return std::numeric_limits<double>::infinity();
    return excess + width_ * std::exp(root_between(rest, smallest_step, largest_step));
  }

  /// The same below `excess`; 0 if it never does.
  [[nodiscard]] double below(double excess, double loss) const {
    const double level = likelihood(excess) - loss;
    // Falls as the excess shrinks by the factor exp(-x).
    const auto rest = [&](double x) { return likelihood(excess * std::exp(-x)) - level; };
    if (rest(-smallest_step) > 0) return 0;
    return excess * std::exp(-root_between(rest, 0, -smallest_step));
  }

  [[nodiscard]] bool at_longest_event(double excess) const { return at_end_ && excess == 0; }
  [[nodiscard]] double longest() const { return longest_; }
  [[nodiscard]] double width() const { return width_; }
  [[nodiscard]] double at_risk() const {
    double sum = events_;
    for (const auto& job : running_) sum += job.count;
    return sum;
  }

 private:
  double events_;
  double longest_ = 0;
  double width_ = 0;
  bool at_end_ = true;             ///< the longest job is a complete one
  std::vector<Weighted> running_;  ///< censored jobs: how much shorter than the longest
};

}  // namespace

std::optional<Fitted> fit_uniform(const Sample& sample) {
  const double low = sample.events().front().time;
  const UpperEnd end(sample);
  const double excess = end.best();
  // The lower end as for a shift; without censoring this is exact, since (X(1) - low) / (X(n) -
  // X(1)) exceeds t with probability (1 + t)^(1 - n).
  const double low_bound =
      low - (end.width() + excess) * std::expm1(std::log(20.0) / (end.at_risk() - 1));
  // An end of the support at the longest complete job: twice its loss of log-likelihood is
  // chi-squared with 2 degrees of freedom; elsewhere with 1, as usual.
  const bool at_event = end.at_longest_event(excess);
  const double loss = at_event ? std::log(20.0) : normal_95 * normal_95 / 2;
  const double lower = at_event ? excess : end.below(excess, loss);
  const double unit = sample.unit();
  Fitted fit{"uniform", end.likelihood(excess) - sample.event_count() * std::log(unit), {}};
  fit.parameters.push_back({"low", low * unit, std::max(0.0, low_bound * unit), low * unit});
  fit.parameters.push_back({"high", (end.longest() + excess) * unit, (end.longest() + lower) * unit,
                            (end.longest() + end.above(excess, loss)) * unit});
  return fit;
}

}  // namespace syncline
