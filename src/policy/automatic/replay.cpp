#include "policy/automatic/replay.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <queue>

#include "policy/automatic/replayed_slots.hpp"
#include "syncline/random.hpp"

namespace syncline {
namespace {

/// Length of a replay, in jobs. The first third is left out, since everybody starts at once.
constexpr std::uint64_t fewest_jobs = 4000;
constexpr std::uint64_t jobs_per_worker = 24;
/// Timers are events too, and may be all that happens.
constexpr std::uint64_t events_per_job = 64;
/// A step may follow from a step, but not without end.
constexpr std::size_t deepest_answer = 8;

/// The part of a host that decides when things happen. No laws: policies are tested elsewhere.
class Replay {
 public:
  Replay(const Policy& policy, const JobSamples& samples, const std::vector<bool>& down)
      : policy_(policy.clone()),
        samples_(samples),
        down_(down),
        slots_(policy_->requirements(), samples.size()),
        workers_(samples.size()),
        answers_(deepest_answer) {}

  Replayed run() {
    const std::uint64_t enough =
        std::max<std::uint64_t>(fewest_jobs, jobs_per_worker * workers_.size());
    policy_->begin({0, static_cast<std::uint32_t>(workers_.size())}, answers_[0]);
    answer();
    for (WorkerId worker = 0; worker < workers_.size(); ++worker) {
      if (!down_[worker]) continue;
      policy_->went_down({0, worker}, answers_[0]);
      answer();
    }
    double begin = 0;
    Version skipped = 0;
    std::uint64_t events = 0;
    while (!queue_.empty() && jobs_ < enough && ++events < events_per_job * enough) {
      const Event event = queue_.top();
      queue_.pop();
      const bool measuring = 3 * jobs_ >= enough;
      happen(event);
      if (measuring || 3 * jobs_ < enough) continue;
      // Counted from the first event after the start-up.
      slots_.forget_steps();
      begin = now_;
      skipped = version_;
    }
    Replayed result;
    result.cancels = cancels_;
    result.gradients = slots_.gradients_per_step();
    result.staleness = slots_.staleness();
    const auto updates = static_cast<double>(version_ - skipped);
    result.runtime = jobs_ < enough || updates == 0 ? std::numeric_limits<double>::infinity()
                                                    : (now_ - begin) / updates;
    return result;
  }

 private:
  struct Event {
    double time;
    std::uint32_t index;  ///< worker, or timer
    bool timer;
    std::uint64_t stamp;  ///< of the job or the arming; an older one is void

    bool operator>(const Event& other) const {
      return time != other.time ? time > other.time : index > other.index;
    }
  };
  struct Worker {
    bool busy = false;
    std::uint64_t job = 0;  ///< the current or last one, from 1
    Version read = 0;
    double start = 0;
    Work work;
  };

  void happen(const Event& event) {
    if (event.timer) {
      if (event.index >= timers_.size() || timers_[event.index] != event.stamp) return;
      now_ = event.time;
      policy_->timer_fired({now_, event.index}, answers_[0]);
      return answer();
    }
    Worker& worker = workers_[event.index];
    if (!worker.busy || worker.job != event.stamp) return;
    now_ = event.time;
    worker.busy = false;
    Arrive arrival;
    arrival.time = now_;
    arrival.worker = event.index;
    arrival.job = worker.job - 1;
    arrival.read = worker.read;
    arrival.version = version_;
    arrival.start = worker.start;
    arrival.steps = worker.work.steps;
    pusher_ = event.index;
    policy_->arrive(arrival, answers_[0]);
    answer();
  }

  void answer() {
    Actions& actions = answers_.at(depth_);
    for (std::size_t i = 0; i < actions.list().size(); ++i) execute(actions.list()[i], actions);
    actions.reset();
  }

  void execute(const Action& action, const Actions& actions) {
    const auto each_worker = [&](auto&& act) {
      for (std::uint32_t i = 0; i < action.count; ++i) act(actions.workers()[action.index + i]);
    };
    switch (action.kind) {
      case Action::Kind::fold:
        return slots_.fold(action.index, action.number, pusher_, workers_[pusher_].read, version_);
      case Action::Kind::put:
        return slots_.put(action.index, pusher_, workers_[pusher_].read);
      case Action::Kind::merge:
        return slots_.merge(action.index, action.count, action.number);
      case Action::Kind::clear:
        return slots_.clear(action.index);
      case Action::Kind::swap:
        return slots_.swap(action.index, action.count);
      case Action::Kind::step:
        slots_.step(action.index, action.number, version_);
        ++version_;
        ++depth_;
        policy_->stepped({now_, version_}, answers_.at(depth_));
        answer();
        --depth_;
        return;
      case Action::Kind::send:
        if (!action.everyone) {
          return each_worker([&](WorkerId worker) { send(worker, action.work); });
        }
        for (WorkerId worker = 0; worker < workers_.size(); ++worker) {
          if (!workers_[worker].busy) send(worker, action.work);
        }
        return;
      case Action::Kind::cancel:
        if (action.everyone) return cancel_everyone();
        return each_worker([&](WorkerId worker) {
          cancels_ = cancels_ || !down_[worker];
          workers_[worker].busy = false;
        });
      case Action::Kind::arm:
        if (action.index >= timers_.size()) timers_.resize(action.index + 1, 0);
        timers_[action.index] = ++stamps_;
        return queue_.push({now_ + action.number, action.index, true, stamps_});
      case Action::Kind::disarm:
        if (action.index < timers_.size()) timers_[action.index] = 0;
        return;
      case Action::Kind::finish:
        queue_ = {};
        return;
      case Action::Kind::drop:
      case Action::Kind::park:
      case Action::Kind::stop:
      case Action::Kind::measure:
      case Action::Kind::set:
      case Action::Kind::note:
        return;
    }
  }

  void send(WorkerId id, const Work& work) {
    Worker& worker = workers_[id];
    worker.busy = true;
    worker.read = version_;
    worker.start = now_;
    worker.work = work;
    ++worker.job;
    ++jobs_;
    if (down_[id]) return;
    DrawStream draw(Stream::bootstrap, {0, id, worker.job});
    const std::vector<double>& durations = samples_[id];
    const double duration = durations[draw.below(durations.size())] * work.gradients;
    queue_.push({now_ + duration, id, false, worker.job});
  }

  void cancel_everyone() {
    for (WorkerId worker = 0; worker < workers_.size(); ++worker) {
      if (!workers_[worker].busy) continue;
      cancels_ = cancels_ || !down_[worker];
      workers_[worker].busy = false;
    }
  }

  std::unique_ptr<Policy> policy_;
  const JobSamples& samples_;
  const std::vector<bool>& down_;
  ReplayedSlots slots_;
  std::vector<Worker> workers_;
  std::vector<std::uint64_t> timers_;  ///< the stamp of each timer that runs, else 0
  std::priority_queue<Event, std::vector<Event>, std::greater<>> queue_;
  std::vector<Actions> answers_;
  std::size_t depth_ = 0;
  double now_ = 0;
  Version version_ = 0;
  WorkerId pusher_ = 0;
  std::uint64_t jobs_ = 0;  ///< sent so far
  std::uint64_t stamps_ = 0;
  bool cancels_ = false;
};

}  // namespace

Replayed replay(const Policy& policy, const JobSamples& samples, const std::vector<bool>& down) {
  return Replay(policy, samples, down).run();
}

}  // namespace syncline
