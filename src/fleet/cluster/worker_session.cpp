#include "fleet/cluster/worker_session.hpp"

#include <atomic>
#include <cstring>
#include <exception>
#include <mutex>
#include <thread>

#include <nlohmann/json.hpp>

#include "fleet/threads/worker_threads.hpp"
#include "fleet/training/load_workload.hpp"
#include "fleet/worker/worker_parts.hpp"
#include "syncline/options.hpp"

namespace syncline {
namespace {

template <class Real>
class Session final : public WorkerSession {
 public:
  Session(WorkerTransport& transport, WorkerId worker, const RunConfig& config)
      : transport_(transport),
        worker_(worker),
        config_(config),
        workload_(load_workload<Real>(config_.model)),
        sampler_(make_sampler(config_, *workload_)),
        requirements_(requirements_of(config_)),
        program_(make_program<Real>(requirements_.program)),
        momentum_(config_.worker.momentum, workload_->dimension(), config_.fleet.workers),
        wire_(*workload_, config_.worker, config_.seed, config_.fleet.workers, program_->vectors()),
        uncoded_(*workload_, {}, config_.seed, config_.fleet.workers, program_->vectors()),
        port_(*workload_,
              std::make_unique<const JobRunner<Real>>(*workload_, sampler_.get(), config_,
                                                      *program_, momentum_, uncoded_,
                                                      label_flipper<Real>(config_, *workload_)),
              worker, 1, pieces_of_gradient(config_), injected_delay(config_), config_.seed) {
    transport_.send({encode(WorkerSays(Ready{workload_->dimension(), workload_->buffers()}))});
    sender_ = std::thread([this] { send_what_comes(); });
  }
  ~Session() override {
    closing_ = true;
    sender_.join();
  }

  void take(const Assignment& assignment, std::span<const std::byte> body) override {
    const Job& job = assignment.job;
    if (job.worker != worker_ || job.work.steps == 0 || job.work.gradients < job.work.steps) {
      throw MalformedMessage("a job makes no sense");
    }
    JobStart<Real> start = start_of(assignment, body);
    WorkerMemory<Real> memory;
    {
      const std::lock_guard lock(mutex_);
      if (pending_ && assignment.used == pending_->job + 1) {
        momentum_.commit(worker_, std::move(pending_->memory.velocity));
        wire_.commit(worker_, std::move(pending_->memory.unsent));
      }
      pending_.reset();
      job_ = job;
      memory.velocity = momentum_.memory(worker_);
    }
    port_.assign(job, start, memory);
  }
  void take(const CancelJob& cancel) override {
    if (at_work_on(cancel.job)) port_.cancel(worker_);
  }
  void take(const StopJob& stop) override {
    if (at_work_on(stop.job)) port_.stop(worker_);
  }
  void check() override {
    const std::lock_guard lock(mutex_);
    if (failure_) std::rethrow_exception(failure_);
  }

 private:
  using Kind = typename WorkerMessage<Real>::Kind;
  using State = std::shared_ptr<const Snapshot<Real>>;

  /// What the worker remembers of its last job, if the server used it.
  struct Pending {
    std::uint64_t job;
    WorkerMemory<Real> memory;
  };

  bool at_work_on(std::uint64_t job) {
    const std::lock_guard lock(mutex_);
    return job_ && job_->job == job;
  }

  [[nodiscard]] State read_state(Version version, std::span<const std::byte> bytes,
                                 const DrawKey* key) const {
    auto state = std::make_shared<Snapshot<Real>>();
    state->version = version;
    state->state.resize(workload_->dimension() + workload_->buffers());
    if (key != nullptr) {
      wire_.decode_pull(bytes, *key, state->state);
      return state;
    }
    const std::span<Real> numbers = state->state;
    if (bytes.size() != numbers.size_bytes()) throw MalformedMessage("a state is cut short");
    std::memcpy(numbers.data(), bytes.data(), bytes.size());
    return state;
  }

  JobStart<Real> start_of(const Assignment& assignment, std::span<const std::byte> body) {
    const DrawKey key = {config_.seed, worker_, assignment.job.gradient};
    if (assignment.coded && !wire_.codes_pulls()) {
      throw MalformedMessage("a state is coded, and no codec is set");
    }
    const auto kept = [&](Version version) {
      for (const State& state : {read_, previous_}) {
        if (state && state->version == version) return state;
      }
      throw MalformedMessage("a job starts from a state that the worker has not");
    };
    const std::size_t length = assignment.states > 0 ? body.size() / assignment.states : 0;
    const auto state_in_body = [&](std::size_t index, Version version) {
      return read_state(version, body.subspan(index * length, length),
                        assignment.coded ? &key : nullptr);
    };
    const bool both = assignment.states == 2;
    State previous;
    if (assignment.has_previous) {
      previous = both ? state_in_body(1, assignment.previous) : kept(assignment.previous);
    }
    const State read =
        assignment.states > 0 ? state_in_body(0, assignment.read) : kept(assignment.read);
    read_ = read;
    if (previous) previous_ = previous;
    JobStart<Real> start;
    start.read = read;
    start.previous = previous;
    start.step_size = assignment.step_size;
    return start;
  }

  void send_what_comes() {
    try {
      while (!closing_) {
        auto message = port_.receive(std::chrono::steady_clock::now() + patience);
        if (message) send(*message);
      }
    } catch (...) {
      const std::lock_guard lock(mutex_);
      failure_ = std::current_exception();
    }
  }

  void send(WorkerMessage<Real>& message) {
    if (message.kind == Kind::progressed) {
      return transport_.send({encode(WorkerSays(StepsDone{message.job}))});
    }
    if (message.kind == Kind::abandoned) {
      return transport_.send(
          {encode(WorkerSays(GivenUp{message.job, message.pieces_done, message.pieces}))});
    }
    JobOutcome<Real>& outcome = message.payload.outcome;
    Result result = {message.job, outcome.steps, outcome.loss, false};
    OutgoingMessage outgoing;
    const std::lock_guard lock(mutex_);
    if (!job_ || job_->job != message.job) return;  // another has been sent in the meantime
    typename Wire<Real>::Memory unsent = wire_.memory(worker_);
    if (outcome.steps > 0) {
      std::optional<std::vector<std::byte>> coded;
      if (wire_.codes_pushes()) {
        coded = wire_.encode_push({config_.seed, worker_, job_->gradient}, message.payload.values,
                                  unsent);
      }
      result.coded = coded.has_value();
      auto kept =
          coded ? nullptr : std::make_shared<std::vector<Real>>(std::move(message.payload.values));
      outgoing.head = encode(WorkerSays(result));
      if (coded) {
        outgoing.head.insert(outgoing.head.end(), coded->begin(), coded->end());
      } else {
        outgoing.body = std::as_bytes(std::span<const Real>(*kept));
        outgoing.owner = std::move(kept);
      }
    } else {
      outgoing.head = encode(WorkerSays(result));
    }
    pending_ = Pending{message.job, {std::move(outcome.memory.velocity), std::move(unsent)}};
    transport_.send(std::move(outgoing));
  }

  static constexpr std::chrono::milliseconds patience{50};

  WorkerTransport& transport_;
  WorkerId worker_;
  RunConfig config_;
  std::shared_ptr<const Workload<Real>> workload_;
  std::unique_ptr<Sampler> sampler_;
  Requirements requirements_;
  std::unique_ptr<const WorkerProgram<Real>> program_;
  WorkerMomentum<Real> momentum_;
  Wire<Real> wire_, uncoded_;
  State read_, previous_;  ///< that were received last

  std::mutex mutex_;
  std::optional<Job> job_;  ///< that was received last
  std::optional<Pending> pending_;
  std::exception_ptr failure_;
  std::atomic<bool> closing_{false};
  WorkerThreads<Real> port_;
  std::thread sender_;
};

}  // namespace

std::unique_ptr<WorkerSession> make_worker_session(WorkerTransport& transport,
                                                   const Welcome& welcome,
                                                   const std::string& data_folder) {
  const auto sections = nlohmann::ordered_json::parse(welcome.config, nullptr, false);
  if (sections.is_discarded()) throw MalformedMessage("the run's configuration is no JSON");
  Settings settings = default_settings(Command::train);
  apply_json(settings, sections, "the server's configuration");
  RunConfig& config = settings.race.run;
  if (!data_folder.empty()) config.model.data_folder = data_folder;
  if (welcome.worker >= config.fleet.workers || config.model.batch == 0) {
    throw MalformedMessage("the run's configuration makes no sense");
  }
  if (double_precision(config.model)) {
    return std::make_unique<Session<double>>(transport, welcome.worker, config);
  }
  return std::make_unique<Session<float>>(transport, welcome.worker, config);
}

}  // namespace syncline
