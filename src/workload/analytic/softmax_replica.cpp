#include "workload/analytic/softmax_replica.hpp"

#include <algorithm>
#include <cmath>

#include "workload/analytic/blas.hpp"

namespace syncline {
namespace {

/// Samples in one matrix product: few enough that their inputs stay in the second-level cache
/// between the two products of a gradient, which halves its cost at batch 250.
constexpr std::size_t block = 64;

template <class Real>
class SoftmaxReplica final : public Replica<Real> {
 public:
  explicit SoftmaxReplica(const SoftmaxTask<Real>& task) : task_(task) {}

  double gradient(std::span<const Real> state, std::span<const std::uint32_t> batch, const DrawKey&,
                  std::span<Real> payload) override {
    const Real decay = static_cast<Real>(2 * task_.lambda);
    const std::size_t weights = task_.classes * task_.features;
    for (std::size_t i = 0; i < weights; ++i) payload[i] = decay * state[i];
    std::fill(payload.begin() + static_cast<std::ptrdiff_t>(weights), payload.end(), Real(0));
    const Real share = Real(1) / static_cast<Real>(batch.size());
    double loss = 0;
    for (std::size_t start = 0; start < batch.size(); start += block) {
      const std::size_t rows = std::min(block, batch.size() - start);
      load(task_.data->train, rows, [&](std::size_t i) { return batch[start + i]; });
      if (flipped_) {
        for (std::size_t& label : labels_) label = task_.classes - 1 - label;
      }
      forward(state, rows);
      for (std::size_t i = 0; i < rows; ++i) {
        Real* row = logits_.data() + i * task_.classes;
        loss += to_probabilities(row, labels_[i]);
        row[labels_[i]] -= 1;
      }
      add_backward(rows, share, payload);
    }
    return loss / static_cast<double>(batch.size()) + penalty(state);
  }

  void flip_labels(bool flipped) override { flipped_ = flipped; }

  EvaluationSums evaluate(std::span<const Real> state, Split split, std::size_t first,
                          std::size_t last) override {
    const Samples& samples = split == Split::train ? task_.data->train : task_.data->test;
    EvaluationSums sums;
    for (std::size_t start = first; start < last; start += block) {
      const std::size_t rows = std::min(block, last - start);
      load(samples, rows, [&](std::size_t i) { return start + i; });
      forward(state, rows);
      for (std::size_t i = 0; i < rows; ++i) {
        Real* row = logits_.data() + i * task_.classes;
        if (!is_right(row, labels_[i])) ++sums.wrong;
        sums.loss += to_probabilities(row, labels_[i]);
      }
    }
    sums.samples = static_cast<double>(last - first);
    sums.loss += sums.samples * penalty(state);
    return sums;
  }

 private:
  template <class Number>
  void load(const Samples& samples, std::size_t rows, Number&& number) {
    inputs_.resize(rows * task_.features);
    logits_.resize(rows * task_.classes);
    labels_.resize(rows);
    for (std::size_t i = 0; i < rows; ++i) {
      task_.normaliser.write(samples, number(i), inputs_.data() + i * task_.features);
      labels_[i] = static_cast<std::size_t>(samples.labels[number(i)]);
    }
  }

  /// logits := inputs W' + b.
  void forward(std::span<const Real> state, std::size_t rows) {
    const auto features = static_cast<int>(task_.features);
    const auto classes = static_cast<int>(task_.classes);
    const Real* bias = state.data() + task_.classes * task_.features;
    for (std::size_t i = 0; i < rows; ++i) {
      std::copy_n(bias, task_.classes, logits_.data() + i * task_.classes);
    }
    multiply(CblasNoTrans, CblasTrans, static_cast<int>(rows), classes, features, Real(1),
             inputs_.data(), features, state.data(), features, Real(1), logits_.data(), classes);
  }

  /// payload += share * (logits' inputs, column sums of logits), where logits hold
  /// d(cross-entropy)/d(logit).
  void add_backward(std::size_t rows, Real share, std::span<Real> payload) {
    const auto features = static_cast<int>(task_.features);
    const auto classes = static_cast<int>(task_.classes);
    multiply(CblasTrans, CblasNoTrans, classes, features, static_cast<int>(rows), share,
             logits_.data(), classes, inputs_.data(), features, Real(1), payload.data(), features);
    Real* bias = payload.data() + task_.classes * task_.features;
    for (std::size_t c = 0; c < task_.classes; ++c) {
      for (std::size_t i = 0; i < rows; ++i) bias[c] += share * logits_[i * task_.classes + c];
    }
  }

  /// Turns one row of logits into probabilities; returns the cross-entropy.
  double to_probabilities(Real* row, std::size_t label) const {
    const Real largest = *std::max_element(row, row + task_.classes);
    const double own = row[label] - largest;
    double sum = 0;
    for (std::size_t c = 0; c < task_.classes; ++c) {
      row[c] = std::exp(row[c] - largest);
      sum += row[c];
    }
    for (std::size_t c = 0; c < task_.classes; ++c) row[c] = static_cast<Real>(row[c] / sum);
    return std::log(sum) - own;
  }

  /// Whether the label's logit is the largest, the first one among equals. Never with a NaN.
  bool is_right(const Real* row, std::size_t label) const {
    for (std::size_t c = 0; c < task_.classes; ++c) {
      if (c < label && !(row[c] < row[label])) return false;
      if (c >= label && !(row[c] <= row[label])) return false;
    }
    return true;
  }

  [[nodiscard]] double penalty(std::span<const Real> state) const {
    const auto weights = static_cast<int>(task_.classes * task_.features);
    return task_.lambda * dot(weights, state.data(), state.data());
  }

  const SoftmaxTask<Real>& task_;
  std::vector<Real> inputs_;  ///< rows x features, normalised
  std::vector<Real> logits_;  ///< rows x classes, later probabilities and their derivatives
  std::vector<std::size_t> labels_;
  bool flipped_ = false;  ///< the labels of gradients
};

}  // namespace

template <class Real>
std::unique_ptr<Replica<Real>> make_softmax_replica(const SoftmaxTask<Real>& task) {
  return std::make_unique<SoftmaxReplica<Real>>(task);
}

template std::unique_ptr<Replica<float>> make_softmax_replica(const SoftmaxTask<float>&);
template std::unique_ptr<Replica<double>> make_softmax_replica(const SoftmaxTask<double>&);

}  // namespace syncline
