#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <utility>

#include "fleet/cluster/workshop.hpp"
#include "fleet/worker/worker_parts.hpp"
#include "transport/simulated/simulated_network.hpp"

namespace syncline::testing {

/// Where a simulated worker computes, and how fast.
struct DeskPlace {
  SimulatedNetwork& network;
  SimulatedNetwork::Process process = 0;
  SimulatedNetwork::Seconds gradient{0.005};  ///< mean time of a gradient; exponential
  std::function<void()> filled;               ///< called when receive() has something
};

/// WorkerThreads in simulated time: real gradients, computed at the end of a time that is drawn for
/// each micro-batch. A job that is cancelled or stopped ends before its next micro-batch, or at
/// once while it waits out an injected delay.
template <class Real>
class SimulatedDesk final : public WorkerPort<Real> {
 public:
  SimulatedDesk(DeskPlace place, Bench<Real> bench)
      : place_(std::move(place)),
        bench_(std::move(bench)),
        replica_(bench_.workload.make_replica()),
        pieces_(pieces_of_gradient(bench_.config)),
        injected_(injected_delay(bench_.config)) {}
  ~SimulatedDesk() override { *alive_ = false; }

  void assign(const Job& job, const JobStart<Real>& start,
              const WorkerMemory<Real>& memory) override {
    next_ = Assigned{job, start, memory, false};
    if (!present_) begin();
  }
  void cancel(WorkerId) override {
    next_.reset();
    end(true);
  }
  void stop(WorkerId) override {
    if (next_) {
      next_->ended = true;
    } else {
      end(false);
    }
  }
  std::optional<WorkerMessage<Real>> receive(std::chrono::steady_clock::time_point) override {
    if (outbox_.empty()) return std::nullopt;
    std::optional<WorkerMessage<Real>> message = std::move(outbox_.front());
    outbox_.pop_front();
    return message;
  }
  void recycle(std::vector<Real>&&) override {}

 private:
  using Kind = typename WorkerMessage<Real>::Kind;
  struct Assigned {
    Job job;
    JobStart<Real> start;
    WorkerMemory<Real> memory;
    bool ended = false;       ///< cancelled or stopped
    bool cancelled = false;   ///< and its payload is not wanted
    std::uint64_t begun = 0;  ///< micro-batches
    bool waits = false;       ///< out an injected delay
  };

  void begin() {
    present_ = std::exchange(next_, std::nullopt);
    place_.network.step(place_.process);
    come_to_piece();
  }
  void end(bool cancelled) {
    if (!present_) return;
    present_->ended = true;
    present_->cancelled |= cancelled;
    if (present_->waits) later(0, [this] { begin_piece(); });
  }
  /// Has something done, unless the job is ahead of it by then.
  template <class Act>
  void later(double seconds, Act act) {
    const std::uint64_t number = ++awaited_;
    SimulatedNetwork& network = place_.network;
    const auto time = network.takes(place_.process, SimulatedNetwork::Seconds(seconds));
    network.schedule(place_.process, time, [this, number, act, alive = alive_] {
      if (*alive && number == awaited_) act();
    });
  }
  [[nodiscard]] std::uint64_t pieces() const {
    return std::uint64_t{present_->job.work.gradients} * pieces_;
  }
  void come_to_piece() {
    const Job& job = present_->job;
    const std::uint64_t gradient = present_->begun / pieces_;
    const std::uint32_t each = job.work.gradients / job.work.steps;
    if (present_->begun % pieces_ == 0) {
      if (job.work.report > 0 && gradient == std::uint64_t{job.work.report} * each) {
        tell(Kind::progressed);
      }
      if (injected_ && !present_->ended) {
        present_->waits = true;
        const double delay = injected_->law(job.worker)
                                 .sample({bench_.config.seed, job.worker, job.gradient + gradient});
        return later(delay, [this] { begin_piece(); });
      }
    }
    begin_piece();
  }
  void begin_piece() {
    present_->waits = false;
    if (present_->ended) return finish();
    ++present_->begun;
    const auto time = place_.network.exponential(place_.gradient / pieces_);
    later(time.count(), [this] {
      if (present_->begun == pieces()) return finish();
      come_to_piece();
    });
  }
  void finish() {
    WorkerMessage<Real> message = about(present_->cancelled ? Kind::abandoned : Kind::arrived);
    message.payload.values.resize(bench_.runner->payload_length());
    std::uint64_t allowed = present_->begun;
    JobControl control;
    control.go_on = [&](std::uint32_t) { return allowed-- > 0; };
    message.payload.outcome = bench_.runner->run(present_->job, present_->start, present_->memory,
                                                 *replica_, message.payload.values, control);
    message.pieces_done = present_->begun;
    message.pieces = pieces();
    place_.network.step(place_.process);
    outbox_.push_back(std::move(message));
    place_.filled();
    present_.reset();
    if (next_) begin();
  }
  WorkerMessage<Real> about(Kind kind) const {
    WorkerMessage<Real> message;
    message.kind = kind;
    message.worker = bench_.worker;
    message.job = present_->job.job;
    return message;
  }
  void tell(Kind kind) {
    outbox_.push_back(about(kind));
    place_.filled();
  }

  DeskPlace place_;
  Bench<Real> bench_;
  std::unique_ptr<Replica<Real>> replica_;
  std::uint64_t pieces_;
  std::shared_ptr<const DelayProfile> injected_;
  std::optional<Assigned> next_, present_;
  std::uint64_t awaited_ = 0;  ///< the last thing that was to happen later
  std::deque<WorkerMessage<Real>> outbox_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace syncline::testing
