#include "fleet/cluster/worker_session.hpp"

#include <cstring>
#include <mutex>

#include <nlohmann/json.hpp>

#include "fleet/training/load_workload.hpp"
#include "fleet/worker/buffer_pool.hpp"
#include "fleet/worker/worker_parts.hpp"
#include "syncline/options.hpp"

namespace syncline {
namespace {

template <class Real>
class Session final : public WorkerSession {
 public:
  Session(WorkerTransport& transport, Workshop& workshop, const Welcome& welcome,
          const RunConfig& config)
      : transport_(transport),
        worker_(welcome.worker),
        incarnation_(welcome.incarnation),
        config_(config),
        workload_(load_workload<Real>(config_.model)),
        sampler_(make_sampler(config_, *workload_)),
        requirements_(requirements_of(config_)),
        program_(make_program<Real>(requirements_.program)),
        momentum_(config_.worker.momentum, workload_->dimension(), config_.fleet.workers),
        wire_(*workload_, config_.worker, config_.seed, config_.fleet.workers, program_->vectors()),
        uncoded_(*workload_, {}, config_.seed, config_.fleet.workers, program_->vectors()),
        port_(
            workshop.open(Bench<Real>{*workload_, config_,
                                      std::make_unique<const JobRunner<Real>>(
                                          *workload_, sampler_.get(), config_, *program_, momentum_,
                                          uncoded_, label_flipper<Real>(config_, *workload_)),
                                      worker_})) {
    transport_.land_at([this](Peer, std::size_t length) { return landing_for(length); });
    transport_.send({encode(WorkerSays(Ready{workload_->dimension(), workload_->buffers()}))});
  }

  ~Session() override { transport_.land_at(nullptr); }
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  void take(const Assignment& assignment, std::span<const std::byte> body,
            std::shared_ptr<void> landed) override {
    const Job& job = assignment.job;
    if (job.worker != worker_ || job.work.steps == 0 || job.work.gradients < job.work.steps) {
      throw MalformedMessage("a job makes no sense");
    }
    if (job.job < next_job_) return;  // it has come before
    next_job_ = job.job + 1;
    JobStart<Real> start =
        start_of(assignment, body, std::static_pointer_cast<Snapshot<Real>>(std::move(landed)));
    WorkerMemory<Real> memory;
    {
      const std::lock_guard lock(mutex_);
      if (pending_ && assignment.used == pending_->job + 1) {
        momentum_.commit(worker_, std::move(pending_->memory.velocity));
        wire_.commit(worker_, std::move(pending_->memory.unsent));
      }
      pending_.reset();
      if (assignment.afresh) {
        momentum_.forget(worker_);
        wire_.forget(worker_);
      }
      job_ = job;
      in_hand_ = job.job + 1;
      memory.velocity = momentum_.memory(worker_);
    }
    while (auto values = sent_->find()) port_->recycle(std::move(*values));
    port_->assign(job, start, memory);
  }
  void take(const CancelJob& cancel) override {
    if (at_work_on(cancel.job)) port_->cancel(worker_);
  }
  void take(const StopJob& stop) override {
    if (at_work_on(stop.job)) port_->stop(worker_);
  }
  void pass_on(std::chrono::steady_clock::time_point deadline) override {
    if (auto message = port_->receive(deadline)) send(*message);
  }
  std::uint64_t job_in_hand() override {
    const std::lock_guard lock(mutex_);
    return in_hand_;
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

  [[nodiscard]] std::shared_ptr<Snapshot<Real>> free_state() {
    const std::lock_guard lock(states_mutex_);
    return states_.take();
  }

  /// Where the state is wanted of a message that can only be an assignment; asked by the transport.
  [[nodiscard]] Landing landing_for(std::size_t length) {
    static const std::size_t head = encode(ServerSays(Assignment{})).size();
    const std::size_t numbers = workload_->dimension() + workload_->buffers();
    if (length != head + numbers * sizeof(Real)) return {};
    auto state = free_state();
    const auto bytes = std::as_writable_bytes(std::span<Real>(state->state));
    return {std::move(state), bytes};
  }

  [[nodiscard]] State read_state(Version version, std::span<const std::byte> bytes,
                                 const DrawKey* key) {
    auto state = free_state();
    state->version = version;
    if (key != nullptr) {
      wire_.decode_pull(bytes, *key, state->state);
      return state;
    }
    const std::span<Real> numbers = state->state;
    if (bytes.size() != numbers.size_bytes()) throw MalformedMessage("a state is cut short");
    std::memcpy(numbers.data(), bytes.data(), bytes.size());
    return state;
  }

  /// `landed`: where the body is, if it is the one state.
  JobStart<Real> start_of(const Assignment& assignment, std::span<const std::byte> body,
                          std::shared_ptr<Snapshot<Real>> landed) {
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
    const auto state_in_body = [&](std::size_t index, Version version) -> State {
      if (landed && assignment.states == 1 && !assignment.coded) {
        landed->version = version;
        return landed;
      }
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

  void send(WorkerMessage<Real>& message) {
    if (message.kind == Kind::progressed) {
      return transport_.send({encode(WorkerSays(StepsDone{incarnation_, message.job}))});
    }
    if (message.kind == Kind::abandoned) {
      over(message.job);
      return transport_.send({encode(
          WorkerSays(GivenUp{incarnation_, message.job, message.pieces_done, message.pieces}))});
    }
    JobOutcome<Real>& outcome = message.payload.outcome;
    OutgoingMessage outgoing;
    const std::lock_guard lock(mutex_);
    if (!job_ || job_->job != message.job) return;  // another has been sent in the meantime
    Result result = {incarnation_, message.job, job_->read, outcome.steps, outcome.loss, false};
    in_hand_ = 0;
    typename Wire<Real>::Memory unsent = wire_.memory(worker_);
    if (outcome.steps > 0) {
      std::optional<std::vector<std::byte>> coded;
      if (wire_.codes_pushes()) {
        coded = wire_.encode_push({config_.seed, worker_, job_->gradient}, message.payload.values,
                                  unsent);
      }
      result.coded = coded.has_value();
      auto kept = coded ? nullptr : kept_until_sent(std::move(message.payload.values));
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

  /// The memory goes back to where it has come from, by way of take().
  std::shared_ptr<std::vector<Real>> kept_until_sent(std::vector<Real>&& values) {
    return {new std::vector<Real>(std::move(values)), [sent = sent_](std::vector<Real>* spent) {
              sent->give(std::move(*spent));
              delete spent;
            }};
  }

  void over(std::uint64_t job) {
    const std::lock_guard lock(mutex_);
    if (in_hand_ == job + 1) in_hand_ = 0;
  }

  WorkerTransport& transport_;
  WorkerId worker_;
  std::uint64_t incarnation_;
  RunConfig config_;
  std::shared_ptr<const Workload<Real>> workload_;
  std::unique_ptr<Sampler> sampler_;
  Requirements requirements_;
  std::unique_ptr<const WorkerProgram<Real>> program_;
  WorkerMomentum<Real> momentum_;
  Wire<Real> wire_, uncoded_;
  std::mutex states_mutex_;
  SnapshotPool<Real> states_{workload_->dimension() + workload_->buffers()};
  State read_, previous_;  ///< that were received last
  /// Payloads that have gone out; may be filled when the session is over.
  std::shared_ptr<BufferPool<Real>> sent_ = std::make_shared<BufferPool<Real>>(
      program_->vectors() * workload_->dimension() + workload_->buffers());
  std::uint64_t next_job_ = 0;  ///< the least that is new

  std::mutex mutex_;
  std::optional<Job> job_;  ///< that was received last
  std::uint64_t in_hand_ = 0;
  std::optional<Pending> pending_;
  std::unique_ptr<WorkerPort<Real>> port_;
};

}  // namespace

std::unique_ptr<WorkerSession> make_worker_session(WorkerTransport& transport, Workshop& workshop,
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
    return std::make_unique<Session<double>>(transport, workshop, welcome, config);
  }
  return std::make_unique<Session<float>>(transport, workshop, welcome, config);
}

}  // namespace syncline
