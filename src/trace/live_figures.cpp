#include "trace/live_figures.hpp"

#include <algorithm>
#include <string_view>

namespace syncline {
namespace {

using State = WorkerPicture::State;

double steady_seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

}  // namespace

LiveFigures::LiveFigures(const Host& host, std::string fleet, bool real_time)
    : host_(host),
      policy_(host.policy_text()),
      fleet_(std::move(fleet)),
      real_time_(real_time),
      seats_(host.workers()),
      k_(static_cast<double>(host.policy().requirements().payloads_per_step)) {}

void LiveFigures::set_state(WorkerId worker, State state, double time) {
  seats_[worker].state.set(state);
  seats_[worker].since.set(time);
}

void LiveFigures::started(const Job& job) {
  set_state(job.worker, State::computing, job.start);
  seats_[job.worker].read.set(job.read);
  seats_[job.worker].stopped.set(false);
}

void LiveFigures::ended(const Job& job, double time, bool unfinished) {
  Seat& seat = seats_[job.worker];
  const double length = time - job.start;
  const std::uint64_t before = seat.steps.get() + seat.unfinished.get();
  seat.recent[before % window].set(unfinished ? -length : length);
  (unfinished ? seat.unfinished : seat.steps).add(1);
  if (!unfinished) seat.step_time.add(length);
}

void LiveFigures::arrived(const Job& job, double time) {
  ended(job, time, seats_[job.worker].stopped.get());
}

void LiveFigures::cancelled(const Job& job, double time) { ended(job, time, true); }

void LiveFigures::stopped(const Job& job, double) { seats_[job.worker].stopped.set(true); }

void LiveFigures::folded(const Job& job, double, Slot, double) {
  const Version staleness = host_.version() - job.read;
  seats_[job.worker].contributed.add(1);
  staleness_[StalenessBins::bin_of(staleness)].add(1);
  staleness_sum_.add(staleness);
  staleness_largest_.set(std::max(staleness_largest_.get(), staleness));
}

void LiveFigures::dropped(const Job&, double, const char* reason) {
  for (Reason& known : reasons_) {
    const char* text = known.text.get();
    if (text == nullptr) known.text.set(reason);
    if (text == nullptr || text == reason) return known.count.add(1);
  }
}

void LiveFigures::stepped(Slot, double, Version version, double time) {
  version_.set(version);
  update_times_[updates_.get() % window].set(time);
  updates_.add(1);
}

void LiveFigures::parked(WorkerId worker, double time) { set_state(worker, State::parked, time); }

void LiveFigures::went_down(WorkerId worker, double time) { set_state(worker, State::down, time); }

void LiveFigures::published(const char* name, double value, double) {
  if (std::string_view(name) == "k") k_.set(value);
}

void LiveFigures::look_at_workers() {
  for (WorkerId worker = 0; worker < host_.workers(); ++worker) {
    if (host_.down(worker)) {
      set_state(worker, State::down, time_.get());
    } else if (host_.busy(worker)) {
      started(host_.job(worker));
    }
  }
  version_.set(host_.version());
  if (real_time_) began_.set(steady_seconds() - time_.get());
}

void LiveFigures::settled(double time) {
  time_.set(time);
  if (!begun_) look_at_workers();
  begun_ = true;
  const Account& account = host_.account();
  account_.started.set(account.started);
  account_.computed.set(account.computed);
  account_.applied.set(account.applied);
  account_.dropped.set(account.dropped);
  account_.held.set(account.held);
  account_.cancelled.set(account.cancelled);
  account_.in_flight.set(account.in_flight);
  account_.lost.set(account.lost);
}

void LiveFigures::evaluated(const EvaluationPoint& point) {
  const std::lock_guard lock(mutex_);
  evaluation_ = point;
  ++evaluations_;
}

void LiveFigures::checkpoint(bool written) {
  (written ? checkpoints_ : failed_checkpoints_).add(1);
}

void LiveFigures::refused(const std::map<std::string, std::uint64_t>& counts) {
  const std::lock_guard lock(mutex_);
  refused_ = counts;
}

double LiveFigures::now() const {
  const double began = began_.get();
  return std::isnan(began) ? time_.get() : steady_seconds() - began;
}

double LiveFigures::update_rate() const {
  const std::uint64_t updates = updates_.get();
  if (updates < 2) return std::nan("");
  const std::uint64_t known = std::min<std::uint64_t>(updates, window);
  // Up to now: it falls while no update comes.
  const double length = now() - update_times_[(updates - known) % window].get();
  return length > 0 ? static_cast<double>(known - 1) / length : std::nan("");
}

WorkerPicture LiveFigures::worker(const Seat& seat) const {
  WorkerPicture picture;
  picture.state = seat.state.get();
  picture.since = seat.since.get();
  picture.read = seat.read.get();
  picture.steps = seat.steps.get();
  picture.step_time = seat.step_time.get();
  picture.contributed = seat.contributed.get();
  picture.unfinished = seat.unfinished.get();
  std::vector<Timing> recent;
  const std::uint64_t known = std::min<std::uint64_t>(picture.steps + picture.unfinished, window);
  for (std::uint64_t job = 0; job < known; ++job) {
    const double length = seat.recent[job].get();
    recent.emplace_back();
    recent.back().seconds = std::abs(length);
    recent.back().censored = length < 0;
  }
  picture.set_quantiles(recent);
  return picture;
}

RunPicture LiveFigures::picture() const {
  RunPicture picture;
  picture.policy = policy_;
  picture.fleet = fleet_;
  for (const Seat& seat : seats_) picture.workers.push_back(worker(seat));
  picture.time = now();
  picture.version = version_.get();
  picture.k = k_.get();
  picture.update_rate = update_rate();
  picture.account = {account_.started.get(),   account_.computed.get(), account_.applied.get(),
                     account_.dropped.get(),   account_.held.get(),     account_.cancelled.get(),
                     account_.in_flight.get(), account_.lost.get()};
  for (const Reason& reason : reasons_) {
    if (const char* text = reason.text.get()) picture.drops[text] += reason.count.get();
  }
  for (std::size_t bin = 0; bin < StalenessBins::count; ++bin) {
    picture.staleness.counts[bin] = staleness_[bin].get();
  }
  picture.staleness.sum = staleness_sum_.get();
  picture.staleness.largest = staleness_largest_.get();
  picture.checkpoints = checkpoints_.get();
  picture.failed_checkpoints = failed_checkpoints_.get();
  const std::lock_guard lock(mutex_);
  picture.evaluations = evaluations_;
  if (evaluations_ > 0) {
    picture.evaluation_time = evaluation_.time;
    picture.evaluation_version = evaluation_.update;
    picture.metrics = evaluation_.metrics;
  }
  picture.refused = refused_;
  return picture;
}

}  // namespace syncline
