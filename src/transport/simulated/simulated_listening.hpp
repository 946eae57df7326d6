#pragma once

#include <memory>
#include <vector>

#include "transport/listening.hpp"
#include "transport/simulated/simulated_network.hpp"

namespace syncline {

/// Listening in simulated time, where receive() does not wait. Whoever makes the connections has
/// look() called when something has come over one of them.
class SimulatedListening final : public Listening {
 public:
  SimulatedListening(SimulatedNetwork& network, SimulatedNetwork::Process process)
      : network_(network), process_(process) {}
  ~SimulatedListening() override { *alive_ = false; }

  void listen(Turn turn) override;
  /// Only the server waits, and not workers, who are called when something has come.
  bool wait(std::unique_lock<std::mutex>& lock, Time until) override;
  void changed() override {}
  void close() override { turns_.clear(); }

  /// A turn for every connection.
  void look();

 private:
  /// Looks again and again, since turns see to deadlines, too.
  void look_later();

  SimulatedNetwork& network_;
  SimulatedNetwork::Process process_;
  std::vector<Turn> turns_;  ///< null: of a connection that is not listened to any more
  bool looks_later_ = false;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace syncline
