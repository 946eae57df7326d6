#pragma once

#include <algorithm>
#include <memory>
#include <vector>

#include "fleet/decentralised/faulty_models.hpp"
#include "fleet/decentralised/network.hpp"

namespace syncline {

/// What nodes send: honest ones their model, faulty ones what the attack makes of theirs. A faulty
/// node computes and mixes like any other, and sends the same to all its neighbours.
template <class Real>
class Outbox {
 public:
  explicit Outbox(const Network<Real>& network)
      : attack_(make_node_attack<Real>(network.method().faulty, network.config().worker.attack,
                                       network.shape(), network.nodes())),
        changed_(network.nodes()) {}

  [[nodiscard]] bool faulty(WorkerId node) const { return attack_ && attack_->bad(node); }

  /// The message number `number` of a node; valid until its next one, and for an honest node as
  /// long as the model stays what it is.
  std::span<const Real> send(WorkerId node, std::uint64_t number, std::span<const Real> model) {
    if (!attack_) return model;
    if (!attack_->bad(node)) {
      attack_->observe(node, model);
      return model;
    }
    changed_[node].assign(model.begin(), model.end());
    attack_->apply(node, number, changed_[node]);
    return changed_[node];
  }

  /// Everybody has sent: attacks that look at what the others send begin anew.
  void round_over() {
    if (attack_) attack_->stepped();
  }

 private:
  std::unique_ptr<Attack<Real>> attack_;
  std::vector<std::vector<Real>> changed_;  ///< of each faulty node, its last message
};

}  // namespace syncline
