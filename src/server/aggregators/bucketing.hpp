#pragma once

#include <cstdint>
#include <memory>
#include <numeric>
#include <utility>

#include "server/aggregators/payload_set.hpp"
#include "syncline/random.hpp"

namespace syncline {

/// Shuffles the payloads, takes the means of buckets of `size` of them (the last may hold fewer)
/// and gives these to another rule (Karimireddy, He, Jaggi, arXiv 2006.09365). The shuffle depends
/// on the seed and on how many steps there were.
template <class Real>
class Bucketing final : public PayloadSet<Real> {
 public:
  Bucketing(const Arguments& arguments, const AggregatorShape& shape)
      : PayloadSet<Real>(shape),
        size_(arguments.at_least_one("size")),
        rule_(make_aggregator<Real>(arguments.text("rule"), shape)),
        bucket_(shape.length) {}

 protected:
  void aggregate(const Payloads<Real>& payloads, std::span<Real> result) override {
    const std::vector<std::size_t> order = shuffled(payloads.size());
    const std::size_t buckets = (order.size() + size_ - 1) / size_;
    for (std::size_t begin = 0; begin < order.size(); begin += size_) {
      const std::size_t end = std::min(begin + size_, order.size());
      std::fill(bucket_.begin(), bucket_.end(), Real(0));
      for (std::size_t k = begin; k < end; ++k) {
        const auto payload = payloads[order[k]];
        for (std::size_t i = 0; i < bucket_.size(); ++i) bucket_[i] += payload[i];
      }
      for (Real& x : bucket_) x /= static_cast<Real>(end - begin);
      rule_->add(1.0 / static_cast<double>(buckets), bucket_);
    }
    const auto of_rule = rule_->result();
    std::copy(of_rule.begin(), of_rule.end(), result.begin());
    rule_->clear();
    ++steps_;
  }

  [[nodiscard]] nlohmann::json memory() const override { return {steps_, rule_->state()}; }
  void restore_memory(const nlohmann::json& state) override {
    state.at(0).get_to(steps_);
    rule_->restore(state.at(1));
  }
  [[nodiscard]] std::vector<std::vector<Real>*> remembered() override { return rule_->vectors(); }

 private:
  [[nodiscard]] std::vector<std::size_t> shuffled(std::size_t n) const {
    std::vector<std::size_t> order(n);
    std::iota(order.begin(), order.end(), std::size_t{0});
    DrawStream stream(Stream::bucketing, {this->shape().seed, 0, steps_});
    for (std::size_t left = n; left > 1; --left) {
      std::swap(order[left - 1], order[stream.below(left)]);
    }
    return order;
  }

  std::size_t size_;
  std::unique_ptr<Aggregator<Real>> rule_;
  std::vector<Real> bucket_;
  std::uint64_t steps_ = 0;
};

}  // namespace syncline
