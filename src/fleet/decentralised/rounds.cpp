#include "fleet/decentralised/rounds.hpp"

#include <algorithm>
#include <exception>

namespace syncline {
namespace {

/// What one node does in a round: y <- mix, then y - rho g(w), with the gradient at the old w.
template <class Real>
class NodeRound final : public ComputeTask<Real> {
 public:
  NodeRound(const Network<Real>& network, const Payloads<Real>& sent, WorkerId node,
            std::uint64_t round, double rho, std::span<Real> next)
      : network_(network), sent_(sent), node_(node), round_(round), rho_(rho), next_(next) {}

  void run(Replica<Real>& replica) override {
    const std::span<const Real> own = network_.models()[node_];
    Payloads<Real> received;
    for (const WorkerId other : network_.topology().neighbours[node_]) {
      received.push_back(sent_[other]);
    }
    network_.mixing()->mix(node_, own, received, next_);
    std::vector<Real> payload(own.size());
    loss_ = network_.gradient(replica, node_, round_, own, payload);
    network_.descend(payload, rho_, next_);
  }

  [[nodiscard]] double loss() const { return loss_; }

 private:
  const Network<Real>& network_;
  const Payloads<Real>& sent_;
  WorkerId node_;
  std::uint64_t round_;
  double rho_;
  std::span<Real> next_;
  double loss_ = 0;
};

template <class Real>
class Rounds {
 public:
  Rounds(Network<Real>& network, Outbox<Real>& outbox, ComputePool<Real>& pool,
         NodeRecord<Real>& record)
      : network_(network),
        outbox_(outbox),
        pool_(pool),
        record_(record),
        clock_(network.timing(), network.config().fleet.latency, network.config().seed),
        sent_(network.nodes()),
        next_(network.models()) {}

  void run() {
    while (!record_.diverged()) {
      const double start = record_.now();
      const double end = time_round(start);
      if (!record_.goes_on(end)) return;
      send();
      compute();
      pass(start, end);
    }
  }

 private:
  /// When the nodes have their gradients, and the round is over.
  double time_round(double start) {
    ready_.clear();
    double end = start;
    for (WorkerId node = 0; node < network_.nodes(); ++node) {
      ready_.emplace_back(clock_.finish(node, record_.updates(), start), node);
      const double heard = start + clock_.broadcast(network_.topology().degree(node));
      end = std::max({end, ready_.back().first, heard});
    }
    std::sort(ready_.begin(), ready_.end());
    return end;
  }

  void send() {
    // The faulty ones last: some attacks look at what the others send.
    for (const bool faulty : {false, true}) {
      for (WorkerId node = 0; node < network_.nodes(); ++node) {
        if (outbox_.faulty(node) != faulty) continue;
        sent_[node] = outbox_.send(node, record_.updates(), network_.models()[node]);
      }
    }
    outbox_.round_over();
  }

  void compute() {
    const double rho = network_.step_size(record_.updates(), record_.gradients());
    std::vector<std::shared_ptr<NodeRound<Real>>> tasks;
    for (WorkerId node = 0; node < network_.nodes(); ++node) {
      tasks.push_back(std::make_shared<NodeRound<Real>>(network_, sent_, node, record_.updates(),
                                                        rho, next_[node]));
      pool_.submit(tasks.back(), node);
    }
    losses_.clear();
    std::exception_ptr error;
    for (const auto& task : tasks) {
      try {
        pool_.wait(task);
      } catch (...) {
        // Others still work on the models: all must be done before anybody may let go of these.
        if (!error) error = std::current_exception();
      }
      losses_.push_back(task->loss());
    }
    if (error) std::rethrow_exception(error);
    network_.models().swap(next_);
  }

  void pass(double start, double end) {
    std::vector<Job> jobs;
    for (WorkerId node = 0; node < network_.nodes(); ++node) {
      jobs.push_back({node, false, record_.updates(), record_.updates(), start, {}, 0});
      record_.started(jobs.back());
    }
    for (const auto& [time, node] : ready_) {
      record_.computed(jobs[node], time, 0, losses_[node]);
      record_.waits(node, time);
    }
    for (WorkerId node = 0; node < network_.nodes(); ++node) record_.waited(node, end);
    record_.updated(end);
  }

  Network<Real>& network_;
  Outbox<Real>& outbox_;
  ComputePool<Real>& pool_;
  NodeRecord<Real>& record_;
  NodeClock clock_;
  std::vector<std::pair<double, WorkerId>> ready_;
  Payloads<Real> sent_;
  std::vector<std::vector<Real>> next_;
  std::vector<double> losses_;
};

}  // namespace

template <class Real>
void run_rounds(Network<Real>& network, Outbox<Real>& outbox, ComputePool<Real>& pool,
                NodeRecord<Real>& record) {
  Rounds<Real>(network, outbox, pool, record).run();
}
template void run_rounds(Network<float>&, Outbox<float>&, ComputePool<float>&, NodeRecord<float>&);
template void run_rounds(Network<double>&, Outbox<double>&, ComputePool<double>&,
                         NodeRecord<double>&);

}  // namespace syncline
