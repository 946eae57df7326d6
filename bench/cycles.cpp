#include "cycles.hpp"

#include <algorithm>
#include <chrono>
#include <deque>

#include <nlohmann/json.hpp>

#include "fleet/cluster/worker_machine.hpp"
#include "fleet/training/load_workload.hpp"
#include "fleet/training/train_over.hpp"
#include "server/parameter_server.hpp"
#include "syncline/error.hpp"

namespace syncline {
namespace {

using Clock = std::chrono::steady_clock;

double seconds(Clock::time_point time) {
  return std::chrono::duration<double>(time.time_since_epoch()).count();
}

std::string model_of(std::size_t floats) {
  return "quadratic(dimension=" + std::to_string(floats) + ", noise=0, spectrum=constant)";
}

RunConfig config_of(const CycleRun& run) {
  RunConfig config;
  config.policy = "async";
  config.fleet.kind = "grpc";
  config.fleet.workers = run.workers;
  config.model.workload = model_of(run.floats);
  config.optimizer.name = run.optimizer;
  config.optimizer.step_size = 1e-3;
  config.stop.updates = run.updates;
  config.stop.evaluate_every = 1e6;
  config.threads = 1;
  config.log = run.log;
  return config;
}

/// A worker's computation that takes no time.
template <class Real>
class NoWork final : public WorkerPort<Real> {
 public:
  explicit NoWork(std::size_t length) : length_(length) {}
  void assign(const Job& job, const JobStart<Real>&, const WorkerMemory<Real>&) override {
    WorkerMessage<Real> message;
    message.worker = job.worker;
    message.job = job.job;
    message.payload.outcome.steps = job.work.steps;
    message.payload.outcome.loss = 1;
    if (spare_.empty()) {
      message.payload.values.assign(length_, Real(1e-3));
    } else {
      message.payload.values = std::move(spare_.back());
      spare_.pop_back();
    }
    done_.push_back(std::move(message));
  }
  void cancel(WorkerId) override { done_.clear(); }
  void stop(WorkerId) override {}
  std::optional<WorkerMessage<Real>> receive(Clock::time_point) override {
    if (done_.empty()) return std::nullopt;
    std::optional<WorkerMessage<Real>> message = std::move(done_.front());
    done_.pop_front();
    return message;
  }
  void recycle(std::vector<Real>&& values) override { spare_.push_back(std::move(values)); }

 private:
  std::size_t length_;
  std::deque<WorkerMessage<Real>> done_;
  std::vector<std::vector<Real>> spare_;
};

class Following final : public Pulse {
 public:
  Following(WorkerSession*& place, WorkerSession& session) : place_(place) { place_ = &session; }
  ~Following() override { place_ = nullptr; }

 private:
  WorkerSession*& place_;
};

class EmptyWorkshop final : public Workshop {
 public:
  std::unique_ptr<WorkerPort<float>> open(Bench<float> bench) override {
    return std::make_unique<NoWork<float>>(bench.workload.dimension());
  }
  std::unique_ptr<WorkerPort<double>> open(Bench<double> bench) override {
    return std::make_unique<NoWork<double>>(bench.workload.dimension());
  }
  std::unique_ptr<Pulse> follow(WorkerSession& session) override {
    return std::make_unique<Following>(session_, session);
  }
  [[nodiscard]] WorkerSession* session() const { return session_; }

 private:
  WorkerSession* session_ = nullptr;
};

}  // namespace

std::vector<double> serve_cycles(std::unique_ptr<ServerTransport> transport, const CycleRun& run) {
  std::vector<double> times;
  times.reserve(run.updates);
  Progress progress;
  progress.report = [&](const std::string&, double) { times.push_back(seconds(Clock::now())); };
  static_cast<void>(train_over(config_of(run), WayToWorkers{std::move(transport)}, progress));
  times.erase(times.begin(), times.begin() + static_cast<std::ptrdiff_t>(times.size() / 5));
  return times;
}

void answer_cycles(WorkerTransport& transport) {
  EmptyWorkshop workshop;
  WorkerMachine machine(transport, workshop, "", "", [](const std::string&) {});
  while (!machine.ending()) {
    if (const auto incoming = transport.receive(transport.now() + std::chrono::milliseconds(100))) {
      machine.take(*incoming);
    } else {
      machine.look_up();
    }
    if (machine.welcomed()) machine.prepare();
    if (workshop.session() != nullptr) workshop.session()->pass_on(transport.now());
  }
}

struct BareServer::Parts {
  RunConfig config;
  std::shared_ptr<const Workload<float>> workload;
  ParameterServer<float> server;
  ParameterServer<float>::State read;
  std::uint64_t version = 0;

  explicit Parts(const CycleRun& run)
      : config(config_of(run)),
        workload(load_workload<float>(config.model)),
        server(*workload, config.optimizer, ServerLayout{}),
        read(server.snapshot()) {}
};

BareServer::BareServer(std::size_t floats, const std::string& optimizer) {
  CycleRun run;
  run.floats = floats;
  run.optimizer = optimizer;
  parts_ = std::make_unique<Parts>(run);
}

BareServer::~BareServer() = default;

void BareServer::fold_and_step(std::span<const float> gradient) {
  Parts& parts = *parts_;
  parts.server.fold(0, 1, gradient, *parts.read);
  parts.read = nullptr;  // as sent: the step may take its place
  parts.server.step(0, 1, ++parts.version);
  parts.read = parts.server.snapshot();
}

std::span<const float> BareServer::model() const { return parts_->read->state; }

double fold_and_step(std::size_t floats, int repetitions, const std::string& optimizer) {
  BareServer server(floats, optimizer);
  const std::vector<float> gradient(floats, 1e-3F);
  std::vector<double> times;
  for (int i = 0; i < repetitions; ++i) {
    const auto begin = Clock::now();
    server.fold_and_step(gradient);
    times.push_back(std::chrono::duration<double>(Clock::now() - begin).count());
  }
  return median(std::move(times));
}

double median_cycle(const std::vector<double>& times) {
  std::vector<double> cycles;
  for (std::size_t i = 1; i < times.size(); ++i) cycles.push_back(times[i] - times[i - 1]);
  return median(std::move(cycles));
}

double median(std::vector<double> values) {
  if (values.empty()) throw InternalError("nothing was measured");
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

}  // namespace syncline
