#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "fleet/cluster/worker_machine.hpp"
#include "fleet/monkey/simulated_desk.hpp"
#include "transport/simulated/simulated_listening.hpp"

namespace syncline::testing {

/// A worker's process in simulated time: the real protocol and real gradients, with the network's
/// events in place of threads.
class SimulatedWorker final : private Workshop {
 public:
  /// How the process ends by itself: the goodbye, or what went wrong.
  struct Ending {
    bool failed = false;
    std::string why;
  };

  /// `gradient`: mean time that one takes; `loading`: time that model and data take. `ended` is
  /// called at most once, and may not destroy this.
  SimulatedWorker(SimulatedNetwork& network, SimulatedNetwork::Process process,
                  SimulatedNetwork::Seconds gradient, SimulatedNetwork::Seconds loading,
                  std::function<void(const Ending&)> ended);

 private:
  std::unique_ptr<WorkerPort<float>> open(Bench<float> bench) override {
    return desk(std::move(bench));
  }
  std::unique_ptr<WorkerPort<double>> open(Bench<double> bench) override {
    return desk(std::move(bench));
  }
  std::unique_ptr<Pulse> follow(WorkerSession& session) override;
  template <class Real>
  std::unique_ptr<WorkerPort<Real>> desk(Bench<Real> bench);
  std::unique_ptr<WorkerTransport> sharded();

  void later(SimulatedNetwork::Seconds time, std::function<void()> act);
  void listen();
  void look_up();
  /// Does something as the process would: what it throws ends the process.
  template <class Act>
  void guarded(Act&& act);
  void end(const Ending& ending);

  SimulatedNetwork& network_;
  SimulatedNetwork::Process process_;
  std::uint64_t life_;
  SimulatedNetwork::Seconds gradient_, loading_;
  std::function<void(const Ending&)> ended_;
  bool over_ = false;
  bool loads_ = false;
  WorkerSession* session_ = nullptr;
  std::unique_ptr<WorkerTransport> coordinator_;
  SimulatedListening* listening_ = nullptr;  ///< of the transport
  std::unique_ptr<WorkerTransport> transport_;
  std::unique_ptr<WorkerMachine> machine_;
};

}  // namespace syncline::testing
