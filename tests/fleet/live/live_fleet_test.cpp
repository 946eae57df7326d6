// The fleet in between host and workers: what it does with results that nobody waits for any more.

#include "fleet/live/live_fleet.hpp"

#include <deque>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "fleet/threads/worker_threads.hpp"
#include "fleet/training/load_workload.hpp"
#include "fleet/training/run_context.hpp"
#include "fleet/training/run_parts.hpp"
#include "fleet/training_support.hpp"
#include "fleet/worker/worker_parts.hpp"

namespace syncline {
namespace {

constexpr std::uint32_t workers = 2;

/// What a test sees of the port that it has given away.
struct Seen {
  std::vector<WorkerMessage<double>::Kind> handed_over;
  std::size_t recycled = 0;
};

/// Worker threads whose first results are handed over only when all are there: the second is late
/// then, by a policy that wants only one.
class TogetherPort final : public WorkerPort<double> {
 public:
  TogetherPort(std::unique_ptr<WorkerPort<double>> threads, Seen& seen)
      : threads_(std::move(threads)), seen_(seen) {}

  void assign(const Job& job, const JobStart<double>& start,
              const WorkerMemory<double>& memory) override {
    threads_->assign(job, start, memory);
  }
  void cancel(WorkerId worker) override { threads_->cancel(worker); }
  void stop(WorkerId worker) override { threads_->stop(worker); }
  std::optional<WorkerMessage<double>> receive(
      std::chrono::steady_clock::time_point deadline) override {
    while (!complete_) {
      auto message = threads_->receive(std::chrono::steady_clock::now() + std::chrono::minutes(1));
      REQUIRE(message);
      held_.push_back(std::move(*message));
      complete_ = held_.size() == workers;
    }
    if (held_.empty()) return threads_->receive(deadline);
    std::optional<WorkerMessage<double>> message = std::move(held_.front());
    held_.pop_front();
    seen_.handed_over.push_back(message->kind);
    return message;
  }
  void recycle(std::vector<double>&& values) override {
    if (!values.empty()) ++seen_.recycled;
    threads_->recycle(std::move(values));
  }

 private:
  std::unique_ptr<WorkerPort<double>> threads_;
  Seen& seen_;
  std::deque<WorkerMessage<double>> held_;
  bool complete_ = false;
};

TEST_CASE("a result that comes after its job was cancelled reaches no host, and is counted") {
  RunConfig config = testing::short_run("k-sync(k=1)");
  config.fleet.kind = "threads";
  config.fleet.workers = workers;
  config.model.workload = "quadratic(dimension=20, noise=0.1)";
  const auto workload = load_workload<double>(config.model);
  const auto sampler = make_sampler<double>(config, *workload);
  Host host(make_policy(config.policy, run_context(config, testing::timing_of(config))),
            config.policy, workers);
  const Requirements requirements = host.policy().requirements();
  const auto program = make_program<double>(requirements.program);
  WorkerMomentum<double> momentum(0, workload->dimension(), workers);
  Wire<double> wire(*workload, config.worker, config.seed, workers, program->vectors());
  ParameterServer<double> server(*workload, server_optimizer(config, requirements),
                                 server_layout(config, requirements, *program, *workload));
  prepare_parameters<double>(server, config, requirements, *program, *workload);

  Seen seen;
  auto threads = std::make_unique<WorkerThreads<double>>(
      *workload,
      std::make_unique<const JobRunner<double>>(*workload, sampler.get(), config, *program,
                                                momentum, wire, label_flipper(config, *workload)),
      0, workers, pieces_of_gradient(config), nullptr, config.seed);
  auto port =
      std::make_unique<GatedPort<double>>(std::make_unique<TogetherPort>(std::move(threads), seen));
  auto payloads = std::make_unique<LivePayloads<double>>(*workload, requirements, *program,
                                                         momentum, wire, server, *port, workers);
  LiveFleet<double> fleet(std::move(host), std::move(port), std::move(payloads));
  fleet.host().add_observer(&fleet.payloads());
  fleet.begin();
  fleet.ready();
  static_cast<void>(fleet.next_time(INFINITY));
  CHECK(fleet.oddities().empty());
  fleet.advance();
  REQUIRE(fleet.host().version() == 1);
  const std::size_t recycled = seen.recycled;
  while (seen.handed_over.size() < workers) static_cast<void>(fleet.next_time(INFINITY));
  using Kind = WorkerMessage<double>::Kind;
  REQUIRE(seen.handed_over == std::vector<Kind>{Kind::arrived, Kind::arrived});
  CHECK(fleet.oddities() == std::map<std::string, std::uint64_t>{{"late result", 1}});
  CHECK(seen.recycled == recycled + 1);
  CHECK(fleet.host().account().computed == 1);
}

}  // namespace
}  // namespace syncline
