#include "fleet/shards/shard_run.hpp"

#include <cmath>
#include <cstring>
#include <map>
#include <optional>

#include <nlohmann/json.hpp>

#include "fleet/shards/early_parts.hpp"
#include "fleet/shards/held_jobs.hpp"
#include "fleet/shards/objections.hpp"
#include "fleet/shards/restorable.hpp"
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
    return inbox_.wait_for<TotalAnswer>(answer, body).total;
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
        jobs_(config.fleet.workers, slices_, place.shard, wire_,
              workload_->dimension() + workload_->buffers(), config.seed) {
    check_sharded(config_, *program_, wire_);
    for (const Measurement& measurement : requirements_.measurements) {
      keeps_noise_ |= measurement.name == "noise_cost";
    }
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
        early_.drop(incoming->peer);
      } else if (incoming->kind == IncomingMessage::Kind::message) {
        from_other(incoming->peer, [&] { hear_other(std::move(*incoming)); });
      }
    }
  }

 private:
  using State = typename Parameters<Real>::State;

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

  /// Whoever sends what makes no sense is refused.
  template <class Act>
  void from_other(Peer peer, Act&& act) {
    try {
      act();
    } catch (const DataError& error) {
      workers_.erase(peer);
      early_.drop(peer);
      inbox_.refuse(peer, "malformed message", error.what());
    }
  }

  void hear_other(IncomingMessage&& incoming) {
    const Peer peer = incoming.peer;
    std::span<const std::byte> body;
    const ToShard says = decode_to_shard(incoming.bytes, body);
    if (const auto* hello = std::get_if<WorkerHello>(&says)) return greet(peer, *hello);
    if (const auto* part = std::get_if<PayloadPart>(&says)) {
      return take(peer, {*part, body, std::move(incoming.bytes)});
    }
    if (const auto* other = std::get_if<ShardHello>(&says)) {
      if (const std::string why = objection(*other, place_.tokens); !why.empty()) {
        return inbox_.refuse(peer, "coordinator", why);
      }
      if (!inbox_.coordinator_silent()) {
        return inbox_.refuse(peer, "second coordinator", "it takes part in the run of another",
                             true);
      }
      // A coordinator that was started anew, before the end of the old one was noticed.
      inbox_.close(place_.coordinator);
      inbox_.put_back(std::move(incoming));
      throw CoordinatorGone();
    }
    throw MalformedMessage("a stranger gives orders");
  }

  void greet(Peer peer, const WorkerHello& hello) {
    if (const std::string why = objection(hello, place_.tokens); !why.empty()) {
      return inbox_.refuse(peer, "worker", why);
    }
    if (hello.incarnation != place_.incarnation || hello.worker >= jobs_.all().size()) {
      return inbox_.refuse(peer, "worker of another run", "it is of another run", true);
    }
    inbox_.transport().admit(peer);
    workers_[peer] = hello.worker;
    inbox_.send(peer, ShardReady{slices_.length(place_.shard)});
  }

  void take(Peer peer, ArrivedPart&& part) {
    const auto worker = workers_.find(peer);
    if (worker == workers_.end()) {
      // By an honest worker, it is for the run before, of whose end it has not heard yet.
      return inbox_.refuse(peer, "worker of another run", "a payload came before a hello", true);
    }
    const std::uint64_t job = part.says.job;
    if (!jobs_.is_to_come(worker->second, job)) {
      return inbox_.send(peer, PartStored{job, jobs_.take(worker->second, part.says, part.body)});
    }
    if (const auto before = early_.keep(peer, std::move(part))) {
      inbox_.send(peer, PartStored{*before, true});
    }
  }
  /// A job has begun: what has come of it is taken now.
  void take_early(WorkerId of) {
    std::map<Peer, ArrivedPart> parts;
    for (const auto& [peer, worker] : workers_) {
      if (worker != of) continue;
      if (auto part = early_.take(peer)) parts.emplace(peer, std::move(*part));
    }
    for (auto& [peer, part] : parts) {
      from_other(peer, [&, to = peer] { take(to, std::move(part)); });
    }
  }

  State version(Version version) {
    if (server_.snapshot()->version == version) return server_.snapshot();
    for (const auto& held : jobs_.all()) {
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
    const State read = version(order.read);
    jobs_.start(order, read);
    take_early(order.worker);
    if (!order.send) return;
    for (const auto& [peer, worker] : workers_) {
      if (worker != order.worker) continue;
      OutgoingMessage message{encode_message(FromShard(StatePart{order.job, order.read}))};
      message.owner = read;
      message.body = std::as_bytes(std::span<const Real>(read->state));
      inbox_.transport().send(peer, std::move(message));
    }
  }
  void obey(const FoldOrder& order, Body) {
    check(order.slot);
    check(order.weight);
    auto& held = jobs_.arrived(order.worker, order.job);
    server_.fold(order.slot, order.weight, held.payload, *held.read, {order.worker, order.job});
    jobs_.done(held);
  }
  void obey(const PutOrder& order, Body) {
    check(order.table, true);
    auto& held = jobs_.arrived(order.worker, order.job);
    server_.put(order.table, held.payload, *held.read, {order.worker, order.job});
    jobs_.done(held);
  }
  void obey(const ClearOrder& order, Body) {
    check(order.slot);
    server_.clear(order.slot);
  }
  void obey(const SwapOrder& order, Body) {
    check(order.table, true);
    check(order.other, true);
    server_.swap(order.table, order.other);
  }
  void obey(const MergeOrder& order, Body) {
    check(order.from, false);
    check(order.into, false);
    check(order.weight);
    if (order.from == order.into) throw MalformedMessage("a slot is to be merged with itself");
    check_filled(order.from);
    server_.merge(order.from, order.into, order.weight);
  }
  void obey(const StepOrder& order, Body) {
    if (server_.snapshot()->version + 1 != order.version) {
      throw DataError("shard " + std::to_string(place_.shard) + " is at version " +
                      std::to_string(server_.snapshot()->version) +
                      ", and is told to make version " + std::to_string(order.version));
    }
    check(order.slot);
    check(order.scale);
    check_filled(order.slot);
    server_.step(order.slot, order.scale, order.version);
    restored_.clear();
  }
  void obey(const KOrder& order, Body) {
    check(order.k);
    server_.set_k(order.k);
  }
  void obey(const AverageOrder&, Body) { server_.begin_average(); }

  // Questions.
  void obey(const VersionQuestion& question, Body) { answer(version(question.version)); }
  void obey(const ProbeQuestion& question, Body) {
    check(question.sign);
    answer(server_.noise_probe(question.sign));
  }
  void obey(const AverageQuestion&, Body) { answer(server_.average()); }
  void obey(const ArrivalQuestion& question, Body) {
    Observables wanted;
    wanted.norm = question.norm;
    wanted.distance = question.distance;
    Arrive event;
    const auto& held = jobs_.arrived(question.worker, question.job);
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
    if (question.number >= vectors.size()) {
      throw MalformedMessage("there is no vector " + std::to_string(question.number));
    }
    answer_numbers<Real>("", vectors[question.number].second);
  }
  void obey(const RestoreOrder& order, Body) {
    const auto state = restorable(order.state, server_.state(), keeps_noise_);
    try {
      server_.restore(state, [&](const std::string& name, std::vector<Real>& vector) {
        const auto length = static_cast<double>(vector.size());
        answer_numbers<double>(name, std::vector<double>{length});
        std::vector<std::byte> bytes;
        std::span<const std::byte> body;
        inbox_.wait_for<RestoreVector>(bytes, body);
        copy(body, vector);
      });
    } catch (const nlohmann::json::exception& error) {
      throw MalformedMessage(std::string("the numbers of a checkpoint make no sense: ") +
                             error.what());
    }
    answer_numbers<double>("", {});
  }
  void obey(const RestoreVersion& order, Body body) {
    // The current one, and what each worker has begun with.
    if (restored_.size() > jobs_.all().size()) {
      throw MalformedMessage("more versions are to be restored than a run can have");
    }
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
  void obey(const CoordinatorBeat&, Body) {}  // the inbox takes them

  // Whether an order can be done.
  void check(Slot slot, std::optional<bool> table = std::nullopt) const {
    if (server_.has(slot) && server_.is_table(slot) == table.value_or(server_.is_table(slot))) {
      return;
    }
    throw MalformedMessage("the run has no " +
                           std::string(table.value_or(false) ? "table" : "slot") + " " +
                           std::to_string(slot));
  }
  void check_filled(Slot slot) const {
    if (!server_.empty(slot)) return;
    throw MalformedMessage("slot " + std::to_string(slot) + " is empty");
  }
  static void check(double number) {
    if (!std::isfinite(number)) throw MalformedMessage("an order has a number that is not finite");
  }

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
  HeldJobs<Real> jobs_;
  EarlyParts early_;
  std::map<Version, State> restored_;  ///< since the last step
  bool keeps_noise_ = false;           ///< the policy wants draws of noise
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
