#pragma once

#include <nlohmann/json.hpp>

#include "syncline/aggregator.hpp"

namespace syncline {

/// A running weighted sum, one vector whatever K is: with weights 1/K, the mean.
template <class Real>
class MeanAggregator final : public Aggregator<Real> {
 public:
  explicit MeanAggregator(const AggregatorShape& shape) : sum_(shape.length) {}

  void add(double weight, std::span<const Real> payload) override {
    const auto factor = static_cast<Real>(weight);
    if (count_ == 0) {
      for (std::size_t i = 0; i < sum_.size(); ++i) sum_[i] = factor * payload[i];
    } else {
      for (std::size_t i = 0; i < sum_.size(); ++i) sum_[i] += factor * payload[i];
    }
    weight_ += weight;
    ++count_;
  }

  std::span<Real> result() override { return sum_; }

  void clear() override {
    weight_ = 0;
    count_ = 0;
  }

  [[nodiscard]] std::size_t count() const override { return count_; }
  [[nodiscard]] double weight() const override { return weight_; }

  [[nodiscard]] nlohmann::json state() const override { return {weight_, count_}; }
  void restore(const nlohmann::json& state) override {
    state.at(0).get_to(weight_);
    state.at(1).get_to(count_);
  }
  [[nodiscard]] std::vector<std::vector<Real>*> vectors() override { return {&sum_}; }

 private:
  std::vector<Real> sum_;
  double weight_ = 0;
  std::size_t count_ = 0;
};

}  // namespace syncline
