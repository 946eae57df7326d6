#include "chaos/drill_run.hpp"

#include <algorithm>
#include <csignal>
#include <thread>

#include "syncline/error.hpp"

namespace syncline {
namespace {

using Clock = DrillRun::Clock;

/// How often to look: notices are measured no more finely.
constexpr std::chrono::milliseconds between_looks{2};
/// After the run workers end by themselves within this time, or have lost the server before its
/// end; and so long they may take when they are told to.
constexpr std::chrono::seconds farewell{10}, patience{20};
constexpr int status_done = static_cast<int>(ExitCode::done);
constexpr int status_target_missed = static_cast<int>(ExitCode::target_missed);
constexpr int status_interrupted = static_cast<int>(ExitCode::interrupted);

std::string how(const ChildEnd& end) {
  return end.signal != 0 ? "signal " + std::to_string(end.signal)
                         : "exit status " + std::to_string(end.status);
}

}  // namespace

DrillRun::DrillRun(DrillFleet& fleet, const std::vector<PlannedFault>& plan, DrillNetwork& network,
                   Strangers& strangers, const DrillRunSettings& settings,
                   std::function<void(const MadeFault&)> say)
    : fleet_(fleet),
      strangers_(strangers),
      injector_(plan, fleet, network, strangers, std::move(say)),
      settings_(settings),
      begun_(Clock::now()),
      news_(begun_),
      looked_(begun_),
      counted_(fleet.processes(), false) {
  if (!plan.empty() && plan.front().step) steps_.emplace(plan, fleet, network, injector_);
  fleet_.on_up = [this] { injector_.server().up(Clock::now()); };
  fleet_.on_down = [this](std::uint32_t seat) { injector_.down(seat, Clock::now()); };
  fleet_.on_resumed = [this](std::uint64_t update) { injector_.server().resumed(update); };
  fleet_.on_anew = [this] { injector_.server().anew(); };
  fleet_.start_server(false);
}

bool DrillRun::poll() {
  if (stage_ == Stage::over) return false;
  const auto now = Clock::now();
  const double pause = std::chrono::duration<double>(now - looked_).count();
  end_.longest_pause = std::max(end_.longest_pause, pause);
  looked_ = now;
  fleet_.poll();
  if (stage_ == Stage::leaving) {
    strangers_.poll(std::chrono::duration<double>(now - begun_).count());
    see_workers_off(now);
    return stage_ != Stage::over;
  }
  if (!workers_started_ && fleet_.server_listens()) {
    workers_started_ = true;
    for (std::uint32_t worker = 0; worker < fleet_.workers(); ++worker) fleet_.start_worker(worker);
  }
  if (stage_ == Stage::gathering && fleet_.up() == fleet_.workers()) {
    stage_ = Stage::running;
    injector_.begin(now);
  }
  // Before new faults, so that none is made in a run that is over.
  look_at_server(now);
  if (stage_ == Stage::leaving) return true;
  injector_.poll(now);
  if (steps_ && stage_ == Stage::running) steps_->poll(now);
  look_after_workers();
  end_when_done();
  look_at_log(now);
  return true;
}

void DrillRun::look_at_server(Clock::time_point now) {
  const auto end = fleet_.server_end();
  if (!end || injector_.server().left(*end, now)) return;
  end_.server = end;
  // A target that was missed is for the caller to judge.
  const bool well = end->status == status_done || end->status == status_target_missed ||
                    (end_.server_told && end->status == status_interrupted);
  if (!well) {
    end_.broken = "the server ended with " + how(*end) + ": " + fleet_.last_words("server");
  }
  leave(now);
}

void DrillRun::look_after_workers() {
  for (std::uint32_t worker = 0; worker < fleet_.processes(); ++worker) {
    const auto end = fleet_.worker_end(worker);
    if (!end) continue;
    if (end->status == 0) {
      const bool returns = worker < fleet_.workers() && injector_.server().workers_return();
      if (returns) fleet_.start_worker(worker);
      continue;
    }
    const std::string name = "worker-" + std::to_string(worker);
    end_.deserters.push_back("worker process " + std::to_string(worker) + " ended with " +
                             how(*end) + ": " + fleet_.last_words(name));
    fleet_.start_worker(worker);
  }
}

void DrillRun::end_when_done() {
  if (!settings_.end_after_faults || end_.server_told || stage_ != Stage::running) return;
  const bool done = injector_.done() && (!steps_ || steps_->done());
  if (!done || strangers_.busy() || fleet_.up() < fleet_.workers()) return;
  end_.server_told = true;
  fleet_.signal_server(SIGTERM);
}

void DrillRun::look_at_log(Clock::time_point now) {
  std::error_code none;
  const auto size = std::filesystem::file_size(fleet_.job().race.run.log, none);
  if (!none && size != log_size_) {
    log_size_ = size;
    news_ = now;
  }
  if (std::chrono::duration<double>(now - news_).count() < settings_.watchdog) return;
  break_off("nothing new stood in the log for " +
                std::to_string(static_cast<int>(settings_.watchdog)) +
                " s; the server said last: " + fleet_.last_words("server"),
            now);
}

void DrillRun::break_off(const std::string& why, Clock::time_point now) {
  end_.broken = why;
  fleet_.kill_server();
  leave(now);
}

void DrillRun::leave(Clock::time_point now) {
  if (steps_) steps_->end();
  injector_.end();
  stage_ = Stage::leaving;
  left_ = now;
}

void DrillRun::see_workers_off(Clock::time_point now) {
  bool all_gone = true;
  const bool late = now - left_ > farewell + patience;
  for (std::uint32_t worker = 0; worker < fleet_.processes(); ++worker) {
    if (counted_[worker]) continue;
    if (fleet_.alive(worker)) {
      if (!late) {
        all_gone = false;
        continue;
      }
      ++end_.hung;
      fleet_.kill_worker(worker);
    } else if (const auto end = fleet_.worker_end(worker)) {
      ++(end->status == 0 ? end_.goodbyes : end_.told);
    }
    counted_[worker] = true;
  }
  if (!workers_told_ && now - left_ > farewell) {
    workers_told_ = true;
    for (std::uint32_t worker = 0; worker < fleet_.processes(); ++worker) {
      fleet_.signal_worker(worker, SIGINT);
    }
  }
  if (!all_gone || (strangers_.busy() && !late)) return;
  end_.seconds = std::chrono::duration<double>(now - begun_).count();
  stage_ = Stage::over;
}

bool finish(const std::vector<DrillRun*>& runs, const std::atomic<bool>& interrupted) {
  for (;;) {
    bool busy = false;
    for (DrillRun* run : runs) busy = run->poll() || busy;
    if (!busy) return true;
    if (interrupted.load(std::memory_order_relaxed)) return false;
    std::this_thread::sleep_for(between_looks);
  }
}

}  // namespace syncline
