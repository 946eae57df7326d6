#pragma once

#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "fleet/live/worker_port.hpp"

namespace syncline {

/// A port with a gate between the host and the workers: what the host says can be held back until
/// what it follows from is on disk, or left unsaid while the past is repeated. What the workers say
/// passes as it comes. Used like the port behind it.
template <class Real>
class GatedPort final : public WorkerPort<Real> {
 public:
  enum class Gate : std::uint8_t {
    open,   ///< everything passes at once
    held,   ///< everything waits for release()
    closed  ///< nothing passes, ever
  };

  explicit GatedPort(std::unique_ptr<WorkerPort<Real>> port) : port_(std::move(port)) {}

  void set(Gate gate) {
    release();
    gate_ = gate;
  }
  void release() {
    for (const auto& say : std::exchange(waiting_, {})) say();
  }

  [[nodiscard]] std::chrono::steady_clock::time_point now() const override { return port_->now(); }
  void assign(const Job& job, const JobStart<Real>& start,
              const WorkerMemory<Real>& memory) override {
    pass([this, job, start, memory] { port_->assign(job, start, memory); });
  }
  void cancel(WorkerId worker) override {
    pass([this, worker] { port_->cancel(worker); });
  }
  void stop(WorkerId worker) override {
    pass([this, worker] { port_->stop(worker); });
  }
  void used(const Job& job) override {
    pass([this, job] { port_->used(job); });
  }
  std::optional<WorkerMessage<Real>> receive(
      std::chrono::steady_clock::time_point deadline) override {
    return port_->receive(deadline);
  }
  void on_news(std::function<void(const std::string&)> callback) override {
    port_->on_news(std::move(callback));
  }
  [[nodiscard]] std::map<std::string, std::uint64_t> oddities() const override {
    return port_->oddities();
  }
  void recycle(std::vector<Real>&& values) override { port_->recycle(std::move(values)); }

 private:
  template <class Say>
  void pass(Say&& say) {
    if (gate_ == Gate::open) return say();
    if (gate_ == Gate::held) waiting_.emplace_back(std::forward<Say>(say));
  }

  std::unique_ptr<WorkerPort<Real>> port_;
  Gate gate_ = Gate::open;
  std::vector<std::function<void()>> waiting_;
};

}  // namespace syncline
