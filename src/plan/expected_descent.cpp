#include "plan/expected_descent.hpp"

#include <algorithm>
#include <cmath>

namespace syncline {
namespace {

/// Blocks that are followed one by one: this many times the mean delay, after the longest one.
constexpr double delays_followed = 12;
constexpr double fewest_followed = 48;

/// Mean delay above which updates are taken together, in blocks.
constexpr double longest_mean_delay = 12;

double mean_of(const std::vector<double>& p) {
  double mean = 0;
  for (std::size_t s = 0; s < p.size(); ++s) mean += static_cast<double>(s) * p[s];
  return mean;
}

/// The same delays counted in blocks; one that ends within a block is shared between both ends.
std::vector<double> in_blocks(const std::vector<double>& p, double block) {
  std::vector<double> blocks(static_cast<std::size_t>(static_cast<double>(p.size()) / block) + 2);
  for (std::size_t s = 0; s < p.size(); ++s) {
    const double at = static_cast<double>(s) / block;
    const auto low = static_cast<std::size_t>(at);
    const double part = at - static_cast<double>(low);
    blocks[low] += (1 - part) * p[s];
    blocks[low + 1] += part * p[s];
  }
  while (blocks.size() > 1 && blocks.back() == 0) blocks.pop_back();
  return blocks;
}

double largest_in(const std::vector<double>& values, std::size_t first, std::size_t last) {
  double largest = 0;
  for (std::size_t i = first; i < last; ++i) largest = std::max(largest, std::abs(values[i]));
  return largest;
}

/// Response of w_{j+1} = w_j - a sum_s p_s w_{j-s} to w_0 = 1; `before` is w at negative times.
std::vector<double> respond(double a, const std::vector<double>& p, double before,
                            std::size_t length) {
  std::vector<double> longer(p.size() + 1);  // P(delay >= s)
  for (std::size_t s = p.size(); s-- > 0;) longer[s] = longer[s + 1] + p[s];
  std::vector<double> w(length + 1);
  w[0] = 1;
  for (std::size_t j = 0; j < length; ++j) {
    const std::size_t known = std::min(j + 1, p.size());
    double pull = before * longer[known];
    for (std::size_t s = 0; s < known; ++s) pull += p[s] * w[j - s];
    w[j + 1] = w[j] - a * pull;
  }
  return w;
}

}  // namespace

ExpectedDescent::ExpectedDescent(const QuadraticModel& model, double step_size, double k,
                                 const std::vector<double>& staleness)
    : offset_(model.floor),
      block_(std::max(1.0, std::ceil(mean_of(staleness) / longest_mean_delay))) {
  const std::vector<double> delays = in_blocks(staleness, block_);
  const auto length = static_cast<std::size_t>(std::max(
      fewest_followed, delays_followed * mean_of(delays) + static_cast<double>(delays.size())));
  const std::size_t window = length / 4;
  const double block_step = block_ * step_size;
  for (const Mode& mode : model.modes) {
    const double noise = block_ * step_size * step_size * mode.noise * mode.noise / k;
    if (!modes_.empty() && modes_.back().curvature == mode.curvature && mode.start == 0 &&
        modes_.back().start == 0) {
      modes_.back().noise += noise;  // copies of one line answer alike
      continue;
    }
    Response entry;
    entry.curvature = mode.curvature;
    entry.start = mode.start;
    entry.noise = noise;
    // Before the start the parameters stood still; a noise was not there before it came.
    const double before = mode.start != 0 ? 1 : 0;
    entry.response = respond(block_step * mode.curvature, delays, before, length);
    entry.squares.assign(length + 1, 0);
    for (std::size_t j = 0; j < length; ++j) {
      entry.squares[j + 1] = entry.squares[j] + entry.response[j] * entry.response[j];
    }
    const double late = largest_in(entry.response, length + 1 - window, length + 1);
    const double early = largest_in(entry.response, length + 1 - 2 * window, length + 1 - window);
    entry.factor = early > 0 ? std::pow(late / early, 1.0 / static_cast<double>(window)) : 0;
    // The window's largest value is at most `window` updates old.
    entry.envelope = std::abs(entry.response.back());
    if (entry.factor < 1 && entry.envelope < late * std::pow(entry.factor, 2.0 * window)) {
      entry.envelope = late * entry.factor;  // an oscillation near its zero
    }
    stable_ = stable_ && entry.factor < 1 && std::isfinite(late);
    modes_.push_back(std::move(entry));
  }
}

double ExpectedDescent::square(const Response& mode, double blocks) const {
  const std::size_t last = mode.response.size() - 1;
  if (blocks <= static_cast<double>(last)) {
    const auto j = static_cast<std::size_t>(blocks);
    const double part = blocks - static_cast<double>(j);
    const auto at = [&](std::size_t i) {
      const double w = mode.start * mode.response[i];
      return w * w + mode.noise * mode.squares[i];
    };
    return part > 0 ? (1 - part) * at(j) + part * at(j + 1) : at(j);
  }
  const double decay = std::pow(mode.factor, 2 * (blocks - static_cast<double>(last)));
  const double w = mode.start * mode.envelope;
  const double tail = mode.envelope * mode.envelope * (1 - decay) / (1 - mode.factor * mode.factor);
  return w * w * decay + mode.noise * (mode.squares[last] + tail);
}

double ExpectedDescent::loss(double updates) const {
  double sum = 0;
  for (const Response& mode : modes_) sum += mode.curvature * square(mode, updates / block_);
  return offset_ + sum / 2;
}

double ExpectedDescent::floor() const { return stable_ ? loss(1e15) : INFINITY; }

std::optional<double> ExpectedDescent::updates_to(double target, double most) const {
  if (!stable_) return std::nullopt;
  if (loss(0) <= target) return 0;
  // The loss may rise again towards its floor, so the first crossing is sought on a fine grid.
  double before = 0;
  for (double updates = 1; before < most; updates = std::max(updates + 1, updates * 1.02)) {
    const double end = std::min(std::floor(updates), most);
    if (loss(end) <= target) {
      double low = before;
      double high = end;
      for (int i = 0; i < 40; ++i) {
        const double middle = (low + high) / 2;
        (loss(middle) <= target ? high : low) = middle;
      }
      return high;
    }
    before = end;
  }
  return std::nullopt;
}

}  // namespace syncline
