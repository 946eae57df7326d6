#include <algorithm>

#include <nlohmann/json.hpp>

#include "policy/k_variants/update_times.hpp"

namespace syncline {
namespace {

/// A place seen less often than this, after forgetting, is as good as unknown.
constexpr double fewest_rounds = 0.25;

}  // namespace

std::unique_ptr<UpdateTimes> RoundTimes::clone() const {
  return std::make_unique<RoundTimes>(*this);
}

void RoundTimes::began(double time, std::uint32_t workers) {
  workers_ = workers;
  last_ = time;
}

void RoundTimes::arrived(WorkerId, double time) {
  if (arrived_ == gaps_.size()) gaps_.emplace_back();
  Gap& gap = gaps_[arrived_++];
  gap.sum += time - last_;
  gap.count += 1;
  last_ = time;
}

void RoundTimes::stepped(double time, const std::vector<WorkerId>&) {
  arrived_ = 0;
  last_ = time;
}

void RoundTimes::forget() {
  for (Gap& gap : gaps_) {
    gap.sum /= 2;
    gap.count /= 2;
  }
}

double RoundTimes::computing(std::uint64_t place) const {
  return workers_wait_ ? workers_ - static_cast<double>(place - 1) : workers_;
}

double RoundTimes::runtime(std::uint64_t k, double) const {
  std::uint64_t known = 0;
  double time = 0;
  while (known < std::min<std::uint64_t>(k, gaps_.size()) && gaps_[known].count >= fewest_rounds) {
    time += gaps_[known].sum / gaps_[known].count;
    ++known;
  }
  if (known == k) return time;
  // 1 / hazard of one worker, over the upper half of what is known. The first gap holds the part
  // of a job that nobody finishes early, and tells nothing about hazards unless it is all there is.
  const std::uint64_t first = std::min(std::max<std::uint64_t>(known / 2, 1), known - 1);
  double sum = 0;
  double count = 0;
  for (std::uint64_t place = first; place < known; ++place) {
    sum += gaps_[place].sum * computing(place + 1);
    count += gaps_[place].count;
  }
  for (std::uint64_t place = known + 1; place <= k; ++place) time += sum / count / computing(place);
  return time;
}

nlohmann::json RoundTimes::state() const {
  nlohmann::json gaps = nlohmann::json::array();
  for (const Gap& gap : gaps_) gaps.push_back({gap.sum, gap.count});
  return {{"workers", workers_}, {"last", last_}, {"arrived", arrived_}, {"gaps", gaps}};
}

void RoundTimes::restore(const nlohmann::json& state) {
  state.at("workers").get_to(workers_);
  state.at("last").get_to(last_);
  state.at("arrived").get_to(arrived_);
  gaps_.clear();
  for (const auto& gap : state.at("gaps")) gaps_.push_back({gap.at(0), gap.at(1)});
}

}  // namespace syncline
