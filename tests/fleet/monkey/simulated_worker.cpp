#include "fleet/monkey/simulated_worker.hpp"

#include "fleet/shards/sharded_transport.hpp"
#include "syncline/error.hpp"

namespace syncline::testing {
namespace {

using Seconds = SimulatedNetwork::Seconds;

/// As work() does.
constexpr Seconds listening{0.1};
/// Mean time that the sender's thread takes to notice.
constexpr Seconds noticing{0.00002};

/// Who is followed until this is destroyed.
class Following final : public Pulse {
 public:
  Following(WorkerSession*& place, WorkerSession& session) : place_(place) { place_ = &session; }
  ~Following() override { place_ = nullptr; }

 private:
  WorkerSession*& place_;
};

}  // namespace

SimulatedWorker::SimulatedWorker(SimulatedNetwork& network, SimulatedNetwork::Process process,
                                 Seconds gradient, Seconds loading,
                                 std::function<void(const Ending&)> ended)
    : network_(network),
      process_(process),
      life_(network.life(process)),
      gradient_(gradient),
      loading_(loading),
      ended_(std::move(ended)),
      coordinator_(network.connect(process, [this] { listen(); })),
      transport_(sharded()),
      machine_(std::make_unique<WorkerMachine>(*transport_, static_cast<Workshop&>(*this), "", "",
                                               [](const std::string&) {})) {
  look_up();
}

std::unique_ptr<WorkerTransport> SimulatedWorker::sharded() {
  auto listening = std::make_unique<SimulatedListening>(network_, process_);
  listening_ = listening.get();
  const auto dial = [this](const std::string& address) {
    return network_.connect(
        process_, [this] { listen(); }, std::stoul(address));
  };
  return make_sharded_transport(*coordinator_, dial, "", std::move(listening));
}

void SimulatedWorker::later(Seconds time, std::function<void()> act) {
  // Its last step may be under way: whoever takes its place is not to go on with it.
  network_.schedule(process_, network_.takes(process_, time),
                    [&network = network_, process = process_, life = life_, act = std::move(act)] {
                      if (network.life(process) == life) act();
                    });
}

template <class Real>
std::unique_ptr<WorkerPort<Real>> SimulatedWorker::desk(Bench<Real> bench) {
  DeskPlace place{network_, process_, gradient_, [this] {
                    later(network_.exponential(noticing), [this] {
                      if (!session_ || over_) return;
                      guarded([&] { session_->pass_on(transport_->now()); });
                    });
                  }};
  return std::make_unique<SimulatedDesk<Real>>(std::move(place), std::move(bench));
}

std::unique_ptr<Pulse> SimulatedWorker::follow(WorkerSession& session) {
  return std::make_unique<Following>(session_, session);
}

template <class Act>
void SimulatedWorker::guarded(Act&& act) {
  try {
    act();
  } catch (const Error& error) {
    end({true, error.what()});
  }
}

void SimulatedWorker::end(const Ending& ending) {
  if (over_ || network_.life(process_) != life_) return;
  over_ = true;
  ended_(ending);
}

void SimulatedWorker::listen() {
  listening_->look();
  guarded([&] {
    while (!loads_ && !over_) {
      const auto incoming = transport_->receive(transport_->now());
      if (!incoming) return;
      machine_->take(*incoming);
      if (machine_->ending()) return end({false, *machine_->ending()});
      if (!machine_->welcomed()) continue;
      loads_ = true;
      later(loading_, [this] {
        guarded([&] { machine_->prepare(); });
        loads_ = false;
        listen();
      });
    }
  });
}

void SimulatedWorker::look_up() {
  later(listening, [this] {
    listen();
    if (over_) return;
    if (!loads_) machine_->look_up();
    look_up();
  });
}

}  // namespace syncline::testing
