#include "fleet/monkey/simulated_cluster.hpp"

#include <algorithm>
#include <functional>
#include <optional>

#include "checkpoint/checkpoint_folder.hpp"
#include "fleet/monkey/replay_check.hpp"
#include "fleet/monkey/simulated_disk.hpp"
#include "fleet/monkey/simulated_shards.hpp"
#include "fleet/monkey/simulated_worker.hpp"
#include "fleet/monkey/watcher.hpp"
#include "fleet/training/load_workload.hpp"
#include "fleet/training/training_run.hpp"
#include "syncline/error.hpp"
#include "transport/transport_error.hpp"

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
        disk_(folder_, scenario.network.seed),
        network_(scenario.network),
        watcher_(network_, played_, scenario.most_lost),
        processes_(1 + scenario.network.workers + scenario.network.shards) {
    network_.on_step([this](Step step, Process process) { return on_step(step, process); });
    network_.at_receive([this](bool idle) {
      const Seconds passed = network_.time().now() - start_;
      if (passed > longest_run || network_.steps() > most_steps) throw Hang();
      watcher_.look(idle);
    });
    network_.at_death([this](bool machine_gone) {
      const bool writing = tear_ && tear_->write == 0;
      disk_.die(machine_gone ? SimulatedDisk::Death::outage
                : writing    ? SimulatedDisk::Death::writing
                             : SimulatedDisk::Death::quiet);
      tear_.reset();
    });
    disk_.at_sync([this] {
      if (over_ || !tear_ || --tear_->write > 0) return;
      server_absence_ = tear_->time;
      watcher_.tell("the server dies in the midst of a write");
      network_.server_dies(tear_->machine_gone);
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
        see_workers_off();
        for (const std::string& what : replay_violations(config, *state, played_.account)) {
          violation(what);
        }
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
    std::unique_ptr<SimulatedWorker> worker;  ///< null: it is a shard, or not there
    bool alive = false;
    std::optional<SimulatedWorker::Ending> ending;
  };

  [[nodiscard]] bool is_shard(Process process) const { return process > scenario_.network.workers; }
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
      call_shards(network_, 1 + scenario_.network.workers, scenario_.network.shards, way);
      try {
        TrainingRun<double> run(config, workload, timing, std::move(way));
        const RunResult result = run.run(progress);
        std::vector<double> state = run.state();
        network_.spare_server();
        played_.account = result.account;
        if (result.updates != config.stop.updates) {
          violation("the run has made " + std::to_string(result.updates) + " updates, not " +
                    std::to_string(config.stop.updates));
        }
        over_ = true;
        return state;
      } catch (const SimulatedNetwork::ServerDies&) {
        ++played_.crashes;
        disk_.begin_again();
        watcher_.tell("the server is dead");
      } catch (const TransportError& error) {
        ++played_.ends;
        disk_.die(SimulatedDisk::Death::quiet);
        disk_.begin_again();
        watcher_.hear_end(error.what(), blamed_shard(error.what()));
        server_absence_ = restart;
      }
      let_pass(std::max(server_absence_, restart));
      config.resume.clear();
      if (!config.checkpoint.empty() && !checkpoints_in(config.checkpoint).empty()) {
        config.resume = config.checkpoint;
      }
    }
  }

  void let_pass(
      Seconds time, const std::function<bool()>& over = [] { return false; }) {
    const auto until =
        network_.time().now() + std::chrono::duration_cast<SimulatedTime::Time::duration>(time);
    while (!over() && network_.time().step(until)) {
    }
  }

  void see_workers_off() {
    for (Process process = 1; process < processes_.size(); ++process) {
      if (is_shard(process)) network_.kill_server(false, process);
    }
    let_pass(farewell, [this] {
      return std::none_of(processes_.begin(), processes_.end(),
                          [](const Place& place) { return place.worker && place.alive; });
    });
    for (Process process = 1; process < processes_.size(); ++process) {
      const Place& place = processes_[process];
      if (place.ending && !place.ending->failed && place.ending->why != "the run is over") {
        violation("worker process " + std::to_string(process) + " ended with '" +
                  place.ending->why + "'");
      }
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
    disturb(*fault);
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
      case Kind::slow:
        network_.slow(fault->process, fault->factor, fault->time);
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
      case Kind::tear:
        tear_ = *fault;
        break;
    }
    return effect;
  }

  /// Who may be taken for down from now on. Whose message is at hand is not known.
  void disturb(const Fault& fault) {
    if (fault.kind == Kind::delay || fault.kind == Kind::duplicate) {
      watcher_.all_are_disturbed();
    } else if (is_shard(fault.process)) {
      // Workers may lose patience with it, and the server.
      watcher_.shard_disturbed(fault.process);
    } else if (fault.kind != Kind::slow) {
      watcher_.disturbed(fault.process);
    } else if (fault.process == SimulatedNetwork::server_process) {
      watcher_.server_is_slow();
    }
  }

  void kill(const Fault& fault) {
    const bool machine_gone = fault.kind == Kind::vanish;
    if (fault.process == SimulatedNetwork::server_process) {
      server_absence_ = fault.time;
      return network_.kill_server(machine_gone);
    }
    Place& place = processes_[fault.process];
    if (!place.alive) return;
    if (is_shard(fault.process)) {
      network_.kill_server(machine_gone, fault.process);
    } else {
      network_.end(fault.process, machine_gone);
    }
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
    if (is_shard(process)) return spawn_shard(process);
    place.worker = std::make_unique<SimulatedWorker>(
        network_, process, scenario_.gradients.at(process - 1), scenario_.loading,
        [this, process](const SimulatedWorker::Ending& ending) {
          processes_[process].ending = ending;
          watcher_.tell("process " + std::to_string(process) + " ends: " + ending.why);
          if (ending.failed) {
            violation("worker process " + std::to_string(process) + " failed: " + ending.why);
          } else if (!over_) {
            violation("worker process " + std::to_string(process) +
                      " ended before the run: " + ending.why);
          }
          network_.end(process, false);
          remove(process, restart);
        });
  }

  void spawn_shard(Process process) {
    const std::string name = "shard process " + std::to_string(process);
    begin_shard(
        network_, process,
        [this, name](const std::string& text) { watcher_.tell(name + ": " + text); },
        [this, name](const std::string& why) { violation(name + " failed: " + why); });
  }

  const Scenario& scenario_;
  std::filesystem::path folder_;
  SimulatedDisk disk_;
  Played played_;
  SimulatedNetwork network_;
  SimulatedTime::Time start_ = network_.time().now();
  Watcher watcher_;
  std::vector<Place> processes_;
  std::uint64_t steps_ = 0;
  Seconds server_absence_{0};
  std::optional<Fault> tear_;  ///< that is still to come
  bool over_ = false;
};

}  // namespace

std::string Played::all_violations() const {
  std::string all;
  for (const std::string& what : violations) all += what + "\n";
  return all;
}

Played play(const Scenario& scenario, const std::filesystem::path& folder) {
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  return Cluster(scenario, folder).play();
}

}  // namespace syncline::testing
