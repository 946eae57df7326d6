#include "policy/k_variants/k_variant.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace syncline {

Rest rest_of(const Arguments& arguments) {
  const std::string& word = arguments.text("rest");
  if (word == "cancel") return Rest::cancel;
  if (word != "finish") arguments.refuse("rest", "must be cancel or finish");
  return Rest::finish_and_drop;
}

KVariant::KVariant(Count count, Rest rest, std::uint64_t k, std::unique_ptr<KSchedule> schedule,
                   const PolicyContext& context)
    : count_(count),
      rest_(rest),
      k_(k),
      workers_(context.workers),
      shrink_(context.shrink && count == Count::workers),
      up_(workers_),
      schedule_(std::move(schedule)) {}

KVariant::KVariant(const KVariant& other)
    : Policy(other),
      count_(other.count_),
      rest_(other.rest_),
      k_(other.k_),
      workers_(other.workers_),
      shrink_(other.shrink_),
      up_(other.up_),
      schedule_(other.schedule_ ? other.schedule_->clone() : nullptr),
      folded_(other.folded_),
      waiting_(other.waiting_) {}

std::unique_ptr<Policy> KVariant::clone() const { return std::make_unique<KVariant>(*this); }

Requirements KVariant::requirements() const {
  Requirements requirements;
  if (schedule_) requirements.measurements = schedule_->measurements();
  requirements.payloads_per_step = schedule_ ? schedule_->least_k() : k_;
  requirements.distinct_workers = count_ == Count::workers;
  if (shrink_) requirements.payloads_per_step = 1;
  const bool everybody = count_ == Count::workers && requirements.payloads_per_step == workers_;
  requirements.data_shares = everybody ? DataShares::equal : DataShares::by_speed;
  return requirements;
}

void KVariant::begin(const Begin& event, Actions& actions) {
  actions.set("k", static_cast<double>(k_));
  actions.send_all_parked();
  if (schedule_) schedule_->began(event, actions);
}

void KVariant::arrive(const Arrive& event, Actions& actions) {
  if (rest_ == Rest::finish_and_drop && event.read != event.version) {
    actions.drop("stale");
    actions.send(event.worker);
    return;
  }
  actions.fold(0, 1.0 / static_cast<double>(k_));
  if (schedule_) schedule_->arrived(event);
  const bool last = ++folded_ >= needed();
  if (!last && count_ == Count::batches) {
    actions.send(event.worker);
    return;
  }
  if (rest_ != Rest::cancel) waiting_.push_back(event.worker);
  if (last) {
    // The K-th pusher restarts after the step, on the new version: update before fetch.
    step(actions);
  } else {
    actions.park(event.worker);
  }
}

std::uint64_t KVariant::needed() const {
  return shrink_ ? std::clamp<std::uint64_t>(up_, 1, k_) : k_;
}

void KVariant::step(Actions& actions) const {
  // Each was folded with 1 / K.
  actions.step(0, folded_ == k_ ? 1.0 : static_cast<double>(k_) / static_cast<double>(folded_));
}

void KVariant::count_up(std::uint32_t up, Actions& actions) {
  const std::uint64_t before = needed();
  up_ = up;
  if (needed() != before) actions.set("k", static_cast<double>(needed()));
}

void KVariant::went_down(const WentDown&, Actions& actions) {
  count_up(up_ - 1, actions);
  if (folded_ > 0 && folded_ >= needed()) step(actions);
}

void KVariant::came_up(const CameUp&, Actions& actions) { count_up(up_ + 1, actions); }

void KVariant::stepped(const Stepped& event, Actions& actions) {
  folded_ = 0;
  if (rest_ == Rest::cancel) {
    actions.cancel_all_busy();
    actions.send_all_parked();
  } else {
    actions.send(waiting_);
  }
  if (schedule_) schedule_->stepped(event, k_, waiting_, actions);
  waiting_.clear();
}

void KVariant::measured(const Measured& event, Actions& actions) {
  const std::uint64_t next = schedule_->next(event, k_, actions);
  const std::uint64_t before = needed();
  k_ = next;
  if (needed() != before) actions.set("k", static_cast<double>(needed()));
}

nlohmann::json KVariant::state() const {
  nlohmann::json state = {{"k", k_}, {"folded", folded_}, {"waiting", waiting_}, {"up", up_}};
  if (schedule_) state["schedule"] = schedule_->state();
  return state;
}

void KVariant::restore(const nlohmann::json& state) {
  k_ = state.at("k").get<std::uint64_t>();
  folded_ = state.at("folded").get<std::uint64_t>();
  waiting_ = state.at("waiting").get<std::vector<WorkerId>>();
  up_ = state.at("up").get<std::uint32_t>();
  if (schedule_) schedule_->restore(state.at("schedule"));
}

}  // namespace syncline
