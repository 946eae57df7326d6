#include "fleet/decentralised/pairs.hpp"

#include <set>

#include "syncline/random.hpp"

namespace syncline {
namespace {

constexpr Stream partner_stream = static_cast<Stream>(36);

template <class Real>
class NodeJob final : public ComputeTask<Real> {
 public:
  NodeJob(const Network<Real>& network, const Job& job, std::vector<Real> model)
      : network_(network), job_(job), model_(std::move(model)), payload_(model_.size()) {}

  void run(Replica<Real>& replica) override {
    loss_ = network_.gradient(replica, job_.worker, job_.job, model_, payload_);
  }

  [[nodiscard]] const Job& job() const { return job_; }
  [[nodiscard]] double loss() const { return loss_; }
  [[nodiscard]] std::span<const Real> payload() const { return payload_; }

 private:
  const Network<Real>& network_;
  Job job_;
  std::vector<Real> model_;  ///< as it was at the start
  std::vector<Real> payload_;
  double loss_ = 0;
};

template <class Real>
class Pairs {
 public:
  Pairs(Network<Real>& network, Outbox<Real>& outbox, ComputePool<Real>& pool,
        NodeRecord<Real>& record)
      : network_(network),
        outbox_(outbox),
        pool_(pool),
        record_(record),
        clock_(network.timing(), network.config().fleet.latency, network.config().seed),
        nodes_(network.nodes()) {}
  Pairs(const Pairs&) = delete;
  Pairs& operator=(const Pairs&) = delete;

  /// Jobs refer to the network: none may be left in the pool.
  ~Pairs() {
    for (const Node& node : nodes_) {
      if (!node.task || pool_.withdraw(node.task)) continue;
      try {
        pool_.wait(node.task);
      } catch (...) {
        // What an abandoned job threw is nobody's concern.
        continue;
      }
    }
  }

  void run() {
    for (WorkerId node = 0; node < network_.nodes(); ++node) start(node, 0, 0);
    while (!record_.diverged()) {
      const auto [time, node] = *agenda_.begin();
      if (!record_.goes_on(time)) return;
      agenda_.erase(agenda_.begin());
      exchange(node, time);
    }
  }

 private:
  struct Node {
    std::shared_ptr<NodeJob<Real>> task;
    std::uint64_t changes = 0;  ///< of its model by others, since the task read it
  };

  void start(WorkerId node, std::uint64_t number, double time) {
    const Job job = {node, false, number, record_.updates(), time, {}, number};
    nodes_[node].task = std::make_shared<NodeJob<Real>>(network_, job, network_.models()[node]);
    nodes_[node].changes = 0;
    pool_.submit(nodes_[node].task, record_.updates());
    agenda_.emplace(clock_.finish(node, number, time) + clock_.exchange(), node);
    record_.started(job);
  }

  void exchange(WorkerId node, double time) {
    const auto task = nodes_[node].task;
    pool_.wait(task);
    const std::uint64_t number = task->job().job;
    const auto& neighbours = network_.topology().neighbours[node];
    DrawStream stream(partner_stream, {network_.config().seed, node, number});
    const WorkerId partner = neighbours[stream.below(neighbours.size())];
    average(node, partner);
    ++nodes_[partner].changes;
    network_.descend(task->payload(), network_.step_size(number, record_.gradients()),
                     network_.models()[node]);
    record_.computed(task->job(), time, nodes_[node].changes, task->loss());
    record_.updated(time);
    if (record_.updates() % network_.nodes() == 0) outbox_.round_over();
    start(node, number + 1, time);
  }

  /// Each takes the mean of its own model and what the other sends.
  void average(WorkerId node, WorkerId partner) {
    auto& mine = network_.models()[node];
    auto& theirs = network_.models()[partner];
    // The faulty one last, as in rounds.
    std::span<const Real> from_node, from_partner;
    if (outbox_.faulty(node)) {
      from_partner = outbox_.send(partner, record_.updates(), theirs);
      from_node = outbox_.send(node, record_.updates(), mine);
    } else {
      from_node = outbox_.send(node, record_.updates(), mine);
      from_partner = outbox_.send(partner, record_.updates(), theirs);
    }
    for (std::size_t i = 0; i < mine.size(); ++i) {
      const Real a = (mine[i] + from_partner[i]) / 2;
      theirs[i] = (theirs[i] + from_node[i]) / 2;
      mine[i] = a;
    }
  }

  Network<Real>& network_;
  Outbox<Real>& outbox_;
  ComputePool<Real>& pool_;
  NodeRecord<Real>& record_;
  NodeClock clock_;
  std::vector<Node> nodes_;
  std::set<std::pair<double, WorkerId>> agenda_;  ///< ends of exchanges, the earliest first
};

}  // namespace

template <class Real>
void run_pairs(Network<Real>& network, Outbox<Real>& outbox, ComputePool<Real>& pool,
               NodeRecord<Real>& record) {
  Pairs<Real>(network, outbox, pool, record).run();
}
template void run_pairs(Network<float>&, Outbox<float>&, ComputePool<float>&, NodeRecord<float>&);
template void run_pairs(Network<double>&, Outbox<double>&, ComputePool<double>&,
                        NodeRecord<double>&);

}  // namespace syncline
