#include "fleet/virtual/comings_and_goings.hpp"

#include <algorithm>
#include <cmath>

#include <nlohmann/json.hpp>

namespace syncline {
namespace {

/// Lives and jobs of a worker are drawn from laws of the same kind: so that the life is no copy of
/// a job, its draws are those of jobs that no worker reaches.
constexpr std::uint64_t first_draw = std::uint64_t{1} << 39;

bool later(const ComingsAndGoings::Change& a, const ComingsAndGoings::Change& b) {
  return a.time != b.time ? a.time > b.time : a.worker > b.worker;
}

}  // namespace

ComingsAndGoings::ComingsAndGoings(std::shared_ptr<const DelayLaw> lifetime,
                                   std::shared_ptr<const DelayLaw> absence, std::uint64_t seed,
                                   std::uint32_t workers)
    : lifetime_(std::move(lifetime)), absence_(std::move(absence)), seed_(seed) {
  for (WorkerId worker = 0; worker < workers; ++worker) {
    heap_.push_back({lifetime_->sample({seed_, worker, first_draw}), worker, 0});
  }
  std::make_heap(heap_.begin(), heap_.end(), later);
}

ComingsAndGoings::Change ComingsAndGoings::after(const Change& change) const {
  Change next = {INFINITY, change.worker, change.count + 1};
  const DelayLaw* law = next.count % 2 == 0 ? lifetime_.get() : absence_.get();
  if (law != nullptr) {
    next.time = change.time + law->sample({seed_, change.worker, first_draw + next.count});
  }
  return next;
}

void ComingsAndGoings::pop() {
  std::pop_heap(heap_.begin(), heap_.end(), later);
  heap_.back() = after(heap_.back());
  std::push_heap(heap_.begin(), heap_.end(), later);
}

nlohmann::json ComingsAndGoings::state() const {
  nlohmann::json changes = nlohmann::json::array();
  for (const Change& change : heap_) {
    changes.push_back({std::isinf(change.time) ? nlohmann::json() : nlohmann::json(change.time),
                       change.worker, change.count});
  }
  return changes;
}

void ComingsAndGoings::restore(const nlohmann::json& state) {
  heap_.clear();
  for (const auto& change : state) {
    heap_.push_back({change.at(0).is_null() ? INFINITY : change.at(0).get<double>(),
                     change.at(1).get<WorkerId>(), change.at(2).get<std::uint32_t>()});
  }
  std::make_heap(heap_.begin(), heap_.end(), later);
}

}  // namespace syncline
