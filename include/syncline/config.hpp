#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace syncline {

/// The machines: how many, how fast, how connected. All times are in units of virtual time
/// (seconds, if the delay law is in seconds).
struct FleetConfig {
  std::string kind = "virtual";  ///< virtual | threads | mpi
  std::uint32_t workers = 8;
  std::string delay = "exponential(rate=1)";  ///< one law, or a list `4*law,4*law`
  std::string slowness = "none";              ///< or markov(mean_normal, mean_slow, factor)
  double latency = 0;                         ///< per message, worker <-> server, each way
  double bandwidth = 0;           ///< bytes per unit of time of each worker's link; 0: infinite
  double server_bandwidth = 0;    ///< of the server's one shared inbound link, a queue; 0: infinite
  double restart_cost = 0;        ///< extra time of a job that replaces a cancelled one
  std::string lifetime = "none";  ///< law of the time until a worker dies; none: it doesn't
  std::string absence = "none";   ///< law of the time until it is back; none: never
  std::string inject_delay = "none";  ///< real fleets: law of the time that a gradient takes longer
  std::string on_shortage = "wait";   ///< fewer workers up than a step needs: wait | shrink
};

/// What is trained, on which data.
struct ModelConfig {
  std::string workload = "softmax";    ///< name(...) in the registry of workloads
  std::string data = "fashion-mnist";  ///< ignored by analytic workloads
  std::string data_folder;             ///< empty: XDG cache
  std::string partition = "iid";       ///< iid | shards | dirichlet(alpha)
  std::string augmentation = "none";   ///< none | pad-crop-flip
  std::uint64_t batch = 32;
  std::uint32_t micro_batches = 1;    ///< pieces of a mini-batch; a job can be ended between them
  std::string precision = "float32";  ///< float32 | float64
  std::string device = "cpu";         ///< cpu | cuda
};

/// How an aggregate becomes a step.
struct OptimizerConfig {
  std::string name = "sgd";  ///< sgd | momentum(...) | nesterov(...) | adam(...)
  double step_size = 0.1;
  std::string rule = "constant";      ///< constant | staleness(c): paper.md section 4, eq. (13)
  std::string schedule = "constant";  ///< constant | step(...) | cosine(...) | warmup(...)
  std::string scaling = "constant";   ///< step size against K: constant | linear | sqrt, of K / P
  double weight_decay = 0;            ///< adds weight_decay * w to the aggregate
  double clip = 0;                    ///< longest allowed norm of one gradient; 0: off
};

/// What the server does with gradients before they reach the optimizer.
struct ServerConfig {
  std::string aggregator = "mean";  ///< of the gradients of a step; name(...) in the registry
  std::string transform = "none";   ///< of each gradient on its arrival; name(...) in the registry
};

/// What becomes of a payload between worker and server.
struct WorkerConfig {
  std::string codec = "none";       ///< of what workers push; name(...) in the registry
  std::string pull_codec = "none";  ///< of the parameters that workers receive
  double momentum = 0;              ///< beta of what workers push, m = beta m + (1 - beta) g
  std::string attack = "none";      ///< what faulty workers push; name(...) in the registry
};

/// When a run ends and when it is evaluated. A limit of 0 means none; one limit must be set.
struct StopConfig {
  std::uint64_t updates = 0;
  double time = 0;                          ///< virtual
  std::string metric = "test_error";        ///< test_error | test_loss | train_loss | train_error
  double target = 0;                        ///< stop when the metric is at or below it; 0: never
  double evaluate_every = 0;                ///< virtual time between evaluations; 0: time / 100
  std::uint64_t evaluation_samples = 2000;  ///< fixed subset of each split; 0: all
};

/// One run of one policy: the input of train().
struct RunConfig {
  std::string policy = "k-async(k=4)";
  std::uint64_t seed = 1;
  FleetConfig fleet;
  ModelConfig model;
  OptimizerConfig optimizer;
  ServerConfig server;
  WorkerConfig worker;
  StopConfig stop;
  std::uint32_t threads = 0;           ///< compute threads; 0: one per core
  std::string log;                     ///< event log to write; empty: none
  std::string checkpoint;              ///< folder of checkpoints to write; empty: none
  double checkpoint_every = 60;        ///< real seconds between checkpoints
  std::uint32_t keep_checkpoints = 3;  ///< so many of the last stay
  /// What a killed server may lose: checkpoint (all since the last one), every-update (nothing), or
  /// a number of updates.
  std::string durability = "checkpoint";
  std::string resume;                      ///< folder of checkpoints to continue from; empty: none
  std::uint32_t metrics_port = 0;          ///< of this machine, for Prometheus; 0: none
  std::string metrics_host = "127.0.0.1";  ///< where it listens; there is no authentication
  std::string replay;      ///< log of a real run whose events are repeated; empty: none
  std::string save_model;  ///< safetensors file of the final state; empty: none
};

/// A race: the same run under several policies and seeds.
struct RaceConfig {
  std::string title = "race";
  std::vector<std::string> policies;
  std::uint64_t seeds = 5;                                    ///< seeds run.seed, run.seed + 1, ...
  std::string step_sizes = "both";                            ///< same | tuned | both
  std::vector<double> step_size_grid = {0.25, 0.5, 1, 2, 4};  ///< multiples of optimizer.step_size
  std::uint64_t tuning_seeds = 2;  ///< on seeds of their own, 1,000,000 above the race's
  /// Successive halving leaves so many policies, which alone run to the end; 0: all do.
  std::uint64_t finalists = 0;
  RunConfig run;       ///< everything else; run.policy is ignored
  std::string report;  ///< HTML page to write; empty: none
  std::string save;    ///< the result as JSON, input of `report`; empty: none
};

/// A simulation without gradients: only time.
struct SimulationConfig {
  std::string policy = "k-async(k=4)";
  std::uint64_t seed = 1;
  std::uint64_t updates = 100000;
  bool include_startup = false;
  std::uint64_t message_bytes = 0;  ///< size of a push, where a communication model is on
  FleetConfig fleet;
  std::string log;  ///< event log to write; empty: none
};

}  // namespace syncline
