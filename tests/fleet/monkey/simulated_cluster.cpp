#include "fleet/monkey/simulated_cluster.hpp"

#include <cstring>
#include <fstream>
#include <map>
#include <optional>

#include "checkpoint/checkpoint_folder.hpp"
#include "fleet/monkey/simulated_worker.hpp"
#include "fleet/monkey/watcher.hpp"
#include "fleet/training/load_workload.hpp"
#include "fleet/training/training_run.hpp"
#include "syncline/error.hpp"

namespace syncline::testing {
namespace {

using Seconds = SimulatedNetwork::Seconds;
using Process = SimulatedNetwork::Process;
using Step = SimulatedNetwork::Step;
using Effect = SimulatedNetwork::Effect;
using Kind = Fault::Kind;

/// Simulated time by which any run must be over.
constexpr Seconds longest_run{1000};
constexpr std::uint64_t most_steps = 2'000'000;
/// After the run: until everybody has heard of its end.
constexpr Seconds farewell{400};
/// How soon a process that was killed is there again at the most, where the monkey does not say.
constexpr Seconds restart{0.05};

struct Hang {};

class Cluster {
 public:
  Cluster(const Scenario& scenario, std::filesystem::path folder)
      : scenario_(scenario),
        folder_(std::move(folder)),
        network_(scenario.network),
        watcher_(network_, played_, scenario.most_lost),
        processes_(scenario.network.workers + 1) {
    network_.on_step([this](Step step, Process process) { return on_step(step, process); });
    network_.at_receive([this](bool idle) {
      const Seconds passed = network_.time().now() - start_;
      if (passed > longest_run || network_.steps() > most_steps) throw Hang();
      watcher_.look(idle);
    });
  }

  Played play() {
    for (Process process = 1; process < processes_.size(); ++process) spawn(process);
    RunConfig config = scenario_.config;
    config.log = (folder_ / "log").string();
    if (scenario_.checkpoints) config.checkpoint = (folder_ / "checkpoint").string();
    try {
      const auto state = serve(config);
      played_.virtual_seconds = Seconds(network_.time().now() - start_).count();
      if (state) {
        see_everybody_off();
        check_replay(config, *state);
      }
    } catch (const Hang&) {
      violation("the run does not end");
    } catch (const std::exception& error) {
      violation(std::string("the run failed: ") + error.what());
    }
    played_.digest = network_.digest();
    played_.steps = network_.steps();
    return std::move(played_);
  }

 private:
  struct Place {
    std::unique_ptr<SimulatedWorker> worker;
    bool alive = false;
    std::optional<SimulatedWorker::Ending> ending;
  };

  void violation(const std::string& what) { played_.violations.push_back(what); }

  /// Until the run is over, through all crashes; its state.
  std::optional<std::vector<double>> serve(RunConfig config) {
    const auto workload = load_workload<double>(config.model);
    const auto timing = std::make_shared<const FleetTiming>(config.fleet, 1000.0);
    Progress progress;
    progress.noted = [this](double, const std::string& text) { watcher_.hear(text); };
    progress.report = [&](const std::string&, double fraction) {
      const auto version =
          static_cast<Version>(fraction * static_cast<double>(config.stop.updates) + 0.5);
      watcher_.reached(version);
    };
    for (std::uint64_t incarnation = 1;; ++incarnation) {
      watcher_.server_begins(!config.resume.empty());
      WayToWorkers way{network_.server()};
      way.incarnation = incarnation;
      try {
        TrainingRun<double> run(config, workload, timing, std::move(way));
        const RunResult result = run.run(progress);
        network_.spare_server();
        played_.account = result.account;
        if (result.updates != config.stop.updates) {
          violation("the run has made " + std::to_string(result.updates) + " updates, not " +
                    std::to_string(config.stop.updates));
        }
        over_ = true;
        return run.state();
      } catch (const SimulatedNetwork::ServerDies&) {
        ++played_.crashes;
        watcher_.tell("the server is dead");
      }
      let_pass(std::max(server_absence_, restart));
      config.resume.clear();
      if (!config.checkpoint.empty() && !checkpoints_in(config.checkpoint).empty()) {
        config.resume = config.checkpoint;
      }
    }
  }

  void let_pass(Seconds time) {
    const auto until =
        network_.time().now() + std::chrono::duration_cast<SimulatedTime::Time::duration>(time);
    while (network_.time().step(until)) {
    }
  }

  void see_everybody_off() {
    let_pass(farewell);
    for (Process process = 1; process < processes_.size(); ++process) {
      const Place& place = processes_[process];
      if (place.ending && !place.ending->failed && place.ending->why != "the run is over") {
        violation("worker process " + std::to_string(process) + " ended with '" +
                  place.ending->why + "'");
      }
    }
  }

  void check_replay(RunConfig config, const std::vector<double>& state) {
    config.replay = config.log;
    config.log.clear();
    config.checkpoint.clear();
    config.durability = RunConfig().durability;
    config.resume.clear();
    const auto workload = load_workload<double>(config.model);
    TrainingRun<double> run(config, workload,
                            std::make_shared<const FleetTiming>(config.fleet, 1000.0));
    const RunResult replayed = run.run({});
    const std::vector<double>& again = run.state();
    if (again.size() != state.size() ||
        std::memcmp(again.data(), state.data(), state.size() * sizeof(double)) != 0) {
      violation("the replay of the log gives other bits");
    }
    const Account& a = replayed.account;
    const Account& b = played_.account;
    if (a.applied != b.applied || a.dropped != b.dropped || a.lost != b.lost ||
        a.cancelled != b.cancelled || a.held != b.held) {
      violation("the replay of the log has another account of its gradients");
    }
  }

  // The monkey.

  Effect on_step(Step step, Process process) {
    Effect effect;
    if (over_) return effect;
    const auto fault = scenario_.monkey(steps_++, step, process);
    if (!fault) return effect;
    ++played_.faults;
    watcher_.tell("step " + std::to_string(steps_ - 1) + ": " + fault->text());
    switch (fault->kind) {
      case Kind::delay:
        effect.delay = fault->time;
        break;
      case Kind::duplicate:
        effect.duplicate = true;
        break;
      case Kind::kill:
      case Kind::vanish:
        kill(*fault);
        break;
      case Kind::stop:
        network_.stop(fault->process, fault->time);
        if (fault->process == 0) watcher_.server_pauses(fault->time);
        break;
      case Kind::cut:
        network_.cut(fault->process);
        break;
      case Kind::block_up:
      case Kind::block_down:
      case Kind::block:
        if (fault->kind != Kind::block_down) {
          network_.block(fault->process, SimulatedNetwork::Way::up, fault->time);
        }
        if (fault->kind != Kind::block_up) {
          network_.block(fault->process, SimulatedNetwork::Way::down, fault->time);
        }
        break;
    }
    return effect;
  }

  void kill(const Fault& fault) {
    const bool machine_gone = fault.kind == Kind::vanish;
    if (fault.process == SimulatedNetwork::server_process) {
      server_absence_ = fault.time;
      return network_.kill_server(machine_gone);
    }
    Place& place = processes_[fault.process];
    if (!place.alive) return;
    network_.end(fault.process, machine_gone);
    remove(fault.process, fault.time);
  }
  /// Of a process that has ended: its objects go as soon as none of them is at work.
  void remove(Process process, Seconds absence) {
    processes_[process].alive = false;
    network_.time().at(network_.time().now(), [this, process] { processes_[process].worker = {}; });
    network_.time().at(
        network_.time().now() +
            std::chrono::duration_cast<SimulatedTime::Time::duration>(std::max(absence, restart)),
        [this, process] { spawn(process); });
  }
  void spawn(Process process) {
    if (over_) return;
    Place& place = processes_[process];
    place.ending.reset();
    place.alive = true;
    place.worker = std::make_unique<SimulatedWorker>(
        network_, process, scenario_.gradients.at(process - 1), scenario_.loading,
        [this, process](const SimulatedWorker::Ending& ending) {
          processes_[process].ending = ending;
          watcher_.tell("process " + std::to_string(process) + " ends: " + ending.why);
          if (ending.failed) {
            violation("worker process " + std::to_string(process) + " failed: " + ending.why);
          }
          network_.end(process, false);
          remove(process, restart);
        });
  }

  const Scenario& scenario_;
  std::filesystem::path folder_;
  Played played_;
  SimulatedNetwork network_;
  SimulatedTime::Time start_ = network_.time().now();
  Watcher watcher_;
  std::vector<Place> processes_;
  std::uint64_t steps_ = 0;
  Seconds server_absence_{0};
  bool over_ = false;
};

}  // namespace

Played play(const Scenario& scenario, const std::filesystem::path& folder) {
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  return Cluster(scenario, folder).play();
}

}  // namespace syncline::testing
