#include "fleet/shards/shard_run.hpp"

#include <cmath>
#include <cstring>
#include <map>
#include <optional>

#include <nlohmann/json.hpp>

#include "fleet/cluster/checked_copy.hpp"
#include "fleet/cluster/same_secret.hpp"
#include "fleet/shards/slice_workload.hpp"
#include "fleet/training/load_workload.hpp"
#include "fleet/training/run_parts.hpp"
#include "fleet/worker/wire.hpp"
#include "fleet/worker/worker_parts.hpp"
#include "server/parameter_server.hpp"
#include "syncline/error.hpp"

namespace syncline {
namespace {

/// Has all shards of a run add up their sums, by way of the coordinator.
class TotalsOfAll final : public Totals {
 public:
  TotalsOfAll(ShardInbox& inbox, Peer coordinator) : inbox_(inbox), coordinator_(coordinator) {}
  [[nodiscard]] double total(std::span<const double> blocks) override {
    OutgoingMessage message{encode_message(FromShard(BlockSums{}))};
    const auto bytes = std::as_bytes(blocks);
    message.head.insert(message.head.end(), bytes.begin(), bytes.end());
    inbox_.transport().send(coordinator_, std::move(message));
    std::vector<std::byte> answer;
    std::span<const std::byte> body;
    return inbox_.wait_for<TotalAnswer>(coordinator_, answer, body).total;
  }

 private:
  ShardInbox& inbox_;
  Peer coordinator_;
};

template <class Real>
class Run final : public ShardRun {
 public:
  Run(ShardInbox& inbox, const ShardPlace& place, const RunConfig& config)
      : inbox_(inbox),
        place_(place),
        config_(config),
        totals_(inbox, place.coordinator),
        workload_(load_workload<Real>(config.model)),
        slices_(workload_->dimension(), workload_->buffers(), place.shards),
        slice_(workload_, slices_, place.shard),
        requirements_(requirements_of(config)),
        program_(make_program<Real>(requirements_.program)),
        wire_(*workload_, config.worker, config.seed, config.fleet.workers, program_->vectors()),
        server_(slice_, server_optimizer(config, requirements_), layout()),
        held_(config.fleet.workers) {
    prepare_parameters<Real>(server_, config_, requirements_, *program_, *workload_);
    inbox_.send(place_.coordinator, ShardReady{slices_.length(place_.shard)});
  }

  void serve() override {
    for (;;) {
      if (inbox_.stopped()) throw CoordinatorGone();
      auto incoming = inbox_.next();
      if (!incoming) continue;
      if (incoming->peer == place_.coordinator) {
        hear_coordinator(*incoming);
      } else if (incoming->kind == IncomingMessage::Kind::left) {
        workers_.erase(incoming->peer);
      } else if (incoming->kind == IncomingMessage::Kind::message) {
        hear_other(std::move(*incoming));
      }
    }
  }

 private:
  using State = typename Parameters<Real>::State;
  /// A worker's job.
  struct Held {
    std::uint64_t job = 0, gradient = 0;
    State read;  ///< null: there is none
    std::vector<Real> payload;
    bool arrived = false;
  };

  ServerLayout layout() {
    ServerLayout layout = server_layout(config_, requirements_, *program_, *workload_);
    layout.totals = &totals_;
    return layout;
  }

  void hear_coordinator(const IncomingMessage& incoming) {
    if (incoming.kind == IncomingMessage::Kind::left) throw CoordinatorGone();
    if (incoming.kind != IncomingMessage::Kind::message) return;
    std::span<const std::byte> body;
    const ToShard order = decode_to_shard(incoming.bytes, body);
    std::visit([&](const auto& each) { obey(each, body); }, order);
  }

  void hear_other(IncomingMessage&& incoming) {
    const Peer peer = incoming.peer;
    try {
      std::span<const std::byte> body;
      const ToShard says = decode_to_shard(incoming.bytes, body);
      if (const auto* hello = std::get_if<WorkerHello>(&says)) return greet(peer, *hello);
      if (const auto* part = std::get_if<PayloadPart>(&says)) return take(peer, *part, body);
      if (const auto* other = std::get_if<ShardHello>(&says)) {
        if (!same_secret(other->token, place_.token)) {
          return inbox_.refuse(peer, "it has not the token of this job");
        }
        // A coordinator that was started anew, before the end of the old one was noticed.
        inbox_.transport().close(place_.coordinator);
        inbox_.put_back(std::move(incoming));
        throw CoordinatorGone();
      }
      throw MalformedMessage("a stranger gives orders");
    } catch (const DataError& error) {
      workers_.erase(peer);
      inbox_.refuse(peer, error.what());
    }
  }

  void greet(Peer peer, const WorkerHello& hello) {
    if (hello.magic != protocol_magic || hello.version != protocol_version) {
      return inbox_.refuse(peer, "it speaks another version of the protocol");
    }
    if (!same_secret(hello.token, place_.token)) {
      return inbox_.refuse(peer, "it has not the token of this job");
    }
    if (hello.incarnation != place_.incarnation || hello.worker >= held_.size()) {
      return inbox_.refuse(peer, "it is of another run");
    }
    workers_[peer] = hello.worker;
    inbox_.send(peer, ShardReady{slices_.length(place_.shard)});
  }

  void take(Peer peer, const PayloadPart& part, std::span<const std::byte> body) {
    const auto worker = workers_.find(peer);
    if (worker == workers_.end()) throw MalformedMessage("a payload came before a hello");
    Held& held = held_[worker->second];
    bool finite = true;
    // Else its job was cancelled in the meantime.
    if (held.read != nullptr && held.job == part.job && !held.arrived) {
      held.payload.resize(slices_.length(place_.shard));
      finite = read_payload(worker->second, held, part, body);
      held.arrived = true;
    }
    inbox_.send(peer, PartStored{part.job, finite});
  }

  bool read_payload(WorkerId worker, Held& held, const PayloadPart& part,
                    std::span<const std::byte> body) {
    const std::span<Real> payload = held.payload;
    if (!part.coded) {
      if (body.size() != payload.size_bytes()) {
        throw MalformedMessage("a part of a payload has " + std::to_string(body.size()) +
                               " bytes, not " + std::to_string(payload.size_bytes()));
      }
      return copy_finite<Real>(body, payload);
    }
    if (!wire_.codes_pushes()) throw MalformedMessage("a payload is coded, and no codec is set");
    whole_.resize(workload_->dimension() + workload_->buffers());
    wire_.decode_push(body, {config_.seed, worker, held.gradient}, whole_);
    const auto own = slices_.part(place_.shard, std::span<Real>(whole_));
    std::copy(own.begin(), own.end(), payload.begin());
    return all_finite<Real>(own);
  }

  Held& arrived(WorkerId worker, std::uint64_t job) {
    Held& held = held_.at(worker);
    if (held.read == nullptr || held.job != job || !held.arrived) {
      throw DataError("shard " + std::to_string(place_.shard) + " has no payload of job " +
                      std::to_string(job) + " of worker " + std::to_string(worker));
    }
    return held;
  }

  State version(Version version) {
    if (server_.snapshot()->version == version) return server_.snapshot();
    for (const Held& held : held_) {
      if (held.read && held.read->version == version) return held.read;
    }
    const auto found = restored_.find(version);
    if (found == restored_.end()) {
      throw DataError("shard " + std::to_string(place_.shard) + " has version " +
                      std::to_string(server_.snapshot()->version) + ", and not version " +
                      std::to_string(version));
    }
    return found->second;
  }

  // Orders.
  using Body = std::span<const std::byte>;

  void obey(const StartOrder& order, Body) {
    Held& held = held_.at(order.worker);
    held.read = version(order.read);
    held.job = order.job;
    held.gradient = order.gradient;
    held.arrived = false;
    if (!order.send) return;
    for (const auto& [peer, worker] : workers_) {
      if (worker != order.worker) continue;
      OutgoingMessage message{encode_message(FromShard(StatePart{order.job, order.read}))};
      message.owner = held.read;
      message.body = std::as_bytes(std::span<const Real>(held.read->state));
      inbox_.transport().send(peer, std::move(message));
    }
  }
  void obey(const FoldOrder& order, Body) {
    Held& held = arrived(order.worker, order.job);
    server_.fold(order.slot, order.weight, held.payload, *held.read, {order.worker, order.job});
    held.read = nullptr;
  }
  void obey(const PutOrder& order, Body) {
    Held& held = arrived(order.worker, order.job);
    server_.put(order.table, held.payload, *held.read, {order.worker, order.job});
    held.read = nullptr;
  }
  void obey(const ClearOrder& order, Body) { server_.clear(order.slot); }
  void obey(const SwapOrder& order, Body) { server_.swap(order.table, order.other); }
  void obey(const MergeOrder& order, Body) { server_.merge(order.from, order.into, order.weight); }
  void obey(const StepOrder& order, Body) {
    if (server_.snapshot()->version + 1 != order.version) {
      throw DataError("shard " + std::to_string(place_.shard) + " is at version " +
                      std::to_string(server_.snapshot()->version) +
                      ", and is told to make version " + std::to_string(order.version));
    }
    server_.step(order.slot, order.scale, order.version);
    restored_.clear();
  }
  void obey(const KOrder& order, Body) { server_.set_k(order.k); }
  void obey(const AverageOrder&, Body) { server_.begin_average(); }

  // Questions.
  void obey(const VersionQuestion& question, Body) { answer(version(question.version)); }
  void obey(const ProbeQuestion& question, Body) { answer(server_.noise_probe(question.sign)); }
  void obey(const AverageQuestion&, Body) { answer(server_.average()); }
  void obey(const ArrivalQuestion& question, Body) {
    Observables wanted;
    wanted.norm = question.norm;
    wanted.distance = question.distance;
    Arrive event;
    const Held& held = arrived(question.worker, question.job);
    server_.describe(wanted, held.payload, *held.read, {question.worker, question.job}, event);
    answer_numbers<double>("", std::vector<double>{event.norm, event.distance});
  }
  void obey(const StepQuestion&, Body) {
    Stepped event;
    server_.describe(event);
    answer_numbers<double>("",
                           std::vector<double>{event.length, event.norm, event.dot, event.spread});
  }
  void obey(const StateQuestion&, Body) {
    nlohmann::json answer = {{"state", server_.state()}, {"names", nlohmann::json::array()}};
    for (const auto& [name, vector] : server_.vectors()) answer["names"].push_back(name);
    answer_numbers<double>(answer.dump(), {});
  }
  void obey(const VectorQuestion& question, Body) {
    const auto vectors = server_.vectors();
    answer_numbers<Real>("", vectors.at(question.number).second);
  }
  void obey(const RestoreOrder& order, Body) {
    server_.restore(nlohmann::json::parse(order.state),
                    [&](const std::string& name, std::vector<Real>& vector) {
                      const auto length = static_cast<double>(vector.size());
                      answer_numbers<double>(name, std::vector<double>{length});
                      std::vector<std::byte> bytes;
                      std::span<const std::byte> body;
                      inbox_.wait_for<RestoreVector>(place_.coordinator, bytes, body);
                      copy(body, vector);
                    });
    answer_numbers<double>("", {});
  }
  void obey(const RestoreVersion& order, Body body) {
    const State state = server_.restore_version(
        order.version, "",
        [&](const std::string&, std::vector<Real>& vector) { copy(body, vector); });
    restored_[order.version] = state;
  }

  void obey(const CurrentOrder& order, Body) { server_.restore_current(version(order.version)); }

  // What only others send, or what answers nothing.
  void obey(const ShardHello&, Body) { throw MalformedMessage("a coordinator said hello twice"); }
  void obey(const WorkerHello&, Body) { throw MalformedMessage("a coordinator is no worker"); }
  void obey(const PayloadPart&, Body) { throw MalformedMessage("a coordinator has no payload"); }
  void obey(const TotalAnswer&, Body) { throw MalformedMessage("nobody wanted a total"); }
  void obey(const RestoreVector&, Body) { throw MalformedMessage("nothing is being restored"); }

  void copy(std::span<const std::byte> bytes, std::vector<Real>& vector) const {
    if (bytes.size() != vector.size() * sizeof(Real)) {
      throw MalformedMessage("a vector to restore has another length");
    }
    if (!bytes.empty()) std::memcpy(vector.data(), bytes.data(), bytes.size());
  }

  void answer(const State& state) {
    answer_numbers<Real>("", state ? std::span<const Real>(state->state) : std::span<const Real>());
  }
  template <class Number>
  void answer_numbers(const std::string& text, std::span<const Number> numbers) {
    OutgoingMessage message{encode_message(FromShard(ShardAnswer{text}))};
    const auto bytes = std::as_bytes(numbers);
    message.head.insert(message.head.end(), bytes.begin(), bytes.end());
    inbox_.transport().send(place_.coordinator, std::move(message));
  }

  ShardInbox& inbox_;
  ShardPlace place_;
  RunConfig config_;
  TotalsOfAll totals_;
  std::shared_ptr<const Workload<Real>> workload_;
  Slices slices_;
  SliceWorkload<Real> slice_;
  Requirements requirements_;
  std::unique_ptr<const WorkerProgram<Real>> program_;
  Wire<Real> wire_;
  ParameterServer<Real> server_;
  std::map<Peer, WorkerId> workers_;
  std::vector<Held> held_;             ///< by worker
  std::map<Version, State> restored_;  ///< since the last step
  std::vector<Real> whole_;            ///< a payload that was coded
};

}  // namespace

template <class Real>
std::unique_ptr<ShardRun> make_shard_run(ShardInbox& inbox, const ShardPlace& place,
                                         const RunConfig& config) {
  return std::make_unique<Run<Real>>(inbox, place, config);
}

template std::unique_ptr<ShardRun> make_shard_run<float>(ShardInbox&, const ShardPlace&,
                                                         const RunConfig&);
template std::unique_ptr<ShardRun> make_shard_run<double>(ShardInbox&, const ShardPlace&,
                                                          const RunConfig&);

}  // namespace syncline
