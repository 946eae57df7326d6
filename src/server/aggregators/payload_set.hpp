#pragma once

#include <algorithm>
#include <cmath>

#include <nlohmann/json.hpp>

#include "server/aggregators/finite.hpp"
#include "syncline/aggregator.hpp"

namespace syncline {

/// The payloads of a step, each of the same length.
template <class Real>
using Payloads = std::vector<std::span<const Real>>;

/// What a rule that needs `per * b + rest` payloads can bear of `b` faulty ones when there are only
/// `count`: the largest number up to b for which they are enough, and 0 if there is none.
inline std::size_t bearable(std::size_t b, std::size_t count, std::size_t per, std::size_t rest) {
  return count < rest ? 0 : std::min(b, (count - rest) / per);
}

/// What the rules have in common that look at all payloads at once: they keep each one, and leave
/// out any that is not finite. The weights of a step are equal but for what transforms made of
/// them, so each gradient is taken times its own weight over the mean weight.
template <class Real>
class PayloadSet : public Aggregator<Real> {
 public:
  explicit PayloadSet(const AggregatorShape& shape) : shape_(shape), result_(shape.length) {}

  void add(double weight, std::span<const Real> payload) final {
    ++count_;
    if (kept_ == vectors_.size()) vectors_.emplace_back(shape_.length);
    if (!copy_finite(payload, vectors_[kept_]) || !std::isfinite(weight)) return;
    weights_.push_back(weight);
    ++kept_;
  }

  std::span<Real> result() final {
    if (kept_ == 0) {
      std::fill(result_.begin(), result_.end(), Real(0));
      return result_;
    }
    const double sum = weight();
    even_out(sum / static_cast<double>(kept_));
    aggregate(Payloads<Real>(vectors_.begin(), vectors_.begin() + kept()), result_);
    const auto scale = static_cast<Real>(sum);
    for (Real& x : result_) x *= scale;
    return result_;
  }

  void clear() final {
    count_ = kept_ = 0;
    weights_.clear();
  }

  [[nodiscard]] std::size_t count() const final { return count_; }
  [[nodiscard]] double weight() const final {
    double sum = 0;
    for (const double weight : weights_) sum += weight;
    return kept_ == 0 ? 1 : sum;
  }

  [[nodiscard]] nlohmann::json state() const final { return {count_, weights_, memory()}; }
  void restore(const nlohmann::json& state) final {
    state.at(0).get_to(count_);
    state.at(1).get_to(weights_);
    restore_memory(state.at(2));
    kept_ = weights_.size();
    while (vectors_.size() < kept_) vectors_.emplace_back(shape_.length);
  }
  [[nodiscard]] std::vector<std::vector<Real>*> vectors() final {
    std::vector<std::vector<Real>*> all = remembered();
    for (std::size_t i = 0; i < kept_; ++i) all.push_back(&vectors_[i]);
    return all;
  }

 protected:
  /// Writes the rule's vector, at the scale of one payload. REQUIRES: at least one payload; all
  /// are finite and of shape().length.
  virtual void aggregate(const Payloads<Real>& payloads, std::span<Real> result) = 0;

  // What a rule remembers from step to step, for checkpoints: nothing, as a rule.
  [[nodiscard]] virtual nlohmann::json memory() const { return nullptr; }
  virtual void restore_memory(const nlohmann::json&) {}
  [[nodiscard]] virtual std::vector<std::vector<Real>*> remembered() { return {}; }

  [[nodiscard]] const AggregatorShape& shape() const { return shape_; }

 private:
  [[nodiscard]] std::ptrdiff_t kept() const { return static_cast<std::ptrdiff_t>(kept_); }

  /// Takes what is unequal in the weights into the gradients.
  void even_out(double mean_weight) {
    const bool equal = std::all_of(weights_.begin(), weights_.end(),
                                   [&](double weight) { return weight == weights_[0]; });
    if (equal || mean_weight == 0) return;
    for (std::size_t i = 0; i < kept_; ++i) {
      const auto relative = static_cast<Real>(weights_[i] / mean_weight);
      for (std::size_t j = 0; j < shape_.dimension; ++j) vectors_[i][j] *= relative;
      weights_[i] = mean_weight;
    }
  }

  AggregatorShape shape_;
  std::vector<Real> result_;
  std::vector<std::vector<Real>> vectors_;  ///< the first kept_ are in use
  std::vector<double> weights_;
  std::size_t count_ = 0;  ///< payloads added
  std::size_t kept_ = 0;   ///< of them finite
};

}  // namespace syncline
