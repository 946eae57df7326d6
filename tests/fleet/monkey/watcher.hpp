#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "syncline/event.hpp"
#include "transport/simulated/simulated_network.hpp"

namespace syncline::testing {

struct Played;

/// Sees whether the server keeps its promises while a run goes on: that it notices in time who is
/// down, takes nobody for down who is not (but slow, say), and never goes back without need.
class Watcher {
 public:
  using Seconds = SimulatedNetwork::Seconds;

  /// `most_lost`: updates that a killed server may lose.
  Watcher(SimulatedNetwork& network, Played& played, Version most_lost)
      : network_(network), played_(played), most_lost_(most_lost), start_(network.time().now()) {}

  /// At each beginning of the server's receive().
  void look(bool idle);
  /// What the run tells its user.
  void hear(const std::string& text);
  /// An update was made.
  void reached(Version version);
  /// `repeats`: what was kept of the run.
  void server_begins(bool repeats);
  /// Stopped from now on, for that long.
  void server_pauses(Seconds time);
  /// From now on there are other reasons than slowness for that process, or all of them, to be
  /// taken for down.
  void disturbed(SimulatedNetwork::Process process);
  void all_are_disturbed() { all_disturbed_ = shards_disturbed_ = true; }
  /// The same for a shard, which the run may end for. Any worker may lose patience with it.
  void shard_disturbed(SimulatedNetwork::Process process);
  /// The server has ended by itself with that error, for the shard of that process.
  void hear_end(const std::string& error, SimulatedNetwork::Process blamed);
  /// Workers may lose patience with it, and connect anew.
  void server_is_slow() { server_was_slow_ = true; }
  void tell(const std::string& what);

 private:
  void violation(const std::string& what);
  /// The server says that this connection is down, and why.
  void hear_of_down(const std::string& connection, const std::string& why);
  void began_again(Version version);
  /// Since the last word of that connection, at most as long as the server could have known.
  [[nodiscard]] Seconds silence(Peer peer) const;

  SimulatedNetwork& network_;
  Played& played_;
  Version most_lost_;
  SimulatedTime::Time start_;
  std::map<std::string, Peer> seated_;            ///< connections that are up, by their names
  std::optional<SimulatedTime::Time> last_look_;  ///< when the server last had nothing to do
  SimulatedTime::Time awake_{};  ///< when the server went on after its last pause, or will
  Seconds longest_pause_{0};     ///< how long that was
  std::set<SimulatedNetwork::Process> disturbed_;
  bool all_disturbed_ = false;     ///< all workers
  bool shards_disturbed_ = false;  ///< all shards
  bool server_was_slow_ = false;
  Version version_ = 0;
  bool repeats_ = false;  ///< what was kept of the run
};

}  // namespace syncline::testing
