#include "plan/descent_observer.hpp"

#include <algorithm>
#include <cmath>
#include <string_view>

#include "syncline/random.hpp"

namespace syncline {

DescentObserver::DescentObserver(const QuadraticModel& model, double step_size,
                                 std::uint32_t workers, std::uint64_t seed)
    : model_(model),
      step_size_(step_size),
      seed_(seed),
      size_(model.modes.size()),
      w_(size_),
      read_(size_ * workers),
      sum_(size_),
      way_(size_) {
  for (std::size_t i = 0; i < size_; ++i) w_[i] = model.modes[i].start;
  loss_ = model.loss(w_);
}

void DescentObserver::started(const Job& job) {
  std::copy(w_.begin(), w_.end(), read_.begin() + static_cast<std::ptrdiff_t>(size_ * job.worker));
}

void DescentObserver::folded(const Job& job, double, Slot, double weight) {
  const double* read = read_.data() + size_ * job.worker;
  double norm2 = 0;
  for (std::size_t i = 0; i < size_; ++i) {
    const double gradient = model_.modes[i].curvature * read[i];
    sum_[i] += weight * gradient;
    norm2 += gradient * gradient;
  }
  squared_weights_ += weight * weight * (1 + model_.noise_growth * norm2);
}

void DescentObserver::cleared(Slot) {
  std::fill(sum_.begin(), sum_.end(), 0);
  squared_weights_ = 0;
}

void DescentObserver::stepped(Slot slot, double scale, Version version, double) {
  DrawStream draws(Stream::gradient_noise, {seed_, 0, version});
  const double deviation = std::sqrt(squared_weights_);
  for (std::size_t i = 0; i < size_; ++i) {
    double gradient = sum_[i];
    if (model_.modes[i].noise > 0) gradient += deviation * model_.modes[i].noise * draws.normal();
    w_[i] -= step_size_ * scale * gradient;
    way_[i] += w_[i];
  }
  loss_ = model_.loss(w_);
  ++steps_;
  cleared(slot);
}

double DescentObserver::take_average_loss() {
  for (double& w : way_) w /= steps_;
  const double loss = model_.loss(way_);
  std::fill(way_.begin(), way_.end(), 0.0);
  steps_ = 0;
  return loss;
}

void DescentObserver::published(const char* name, double value, double time) {
  if (std::string_view(name) == "k") k_.emplace_back(time, value);
}

double DescentObserver::noise_cost() const {
  double gradient_norm2 = 0;
  double cost = 0;
  for (std::size_t i = 0; i < size_; ++i) {
    const Mode& mode = model_.modes[i];
    gradient_norm2 += mode.curvature * mode.curvature * w_[i] * w_[i];
    cost += mode.curvature * mode.noise * mode.noise;
  }
  return step_size_ * step_size_ / 2 * cost * (1 + model_.noise_growth * gradient_norm2);
}

}  // namespace syncline
