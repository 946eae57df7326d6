#include "fleet/monkey/watcher.hpp"

#include <algorithm>
#include <iterator>

#include "fleet/monkey/simulated_cluster.hpp"

namespace syncline::testing {
namespace {

/// Three heartbeats, and one more until the server looks.
constexpr SimulatedNetwork::Seconds silence_of_the_dead{0.6};
constexpr SimulatedNetwork::Seconds until_the_next_look{0.21};
/// Two heartbeats, the last one of which may be under way.
constexpr SimulatedNetwork::Seconds noticed_pause{0.4};
/// Why a run may end that has shards.
const char* const reasons_to_end[] = {
    "it is gone",       "it was gone",           "no sign of life", "has taken no orders",
    "has not answered", "has not sent its sums", "it refuses",      "has not replied"};
/// What a run says first that has repeated what was kept of it.
const std::string resumed = "resumed at update ";

}  // namespace

void Watcher::tell(const std::string& what) {
  const SimulatedNetwork::Seconds time = network_.time().now() - start_;
  played_.story.push_back(std::to_string(time.count()) + " s: " + what);
}

void Watcher::violation(const std::string& what) {
  tell("VIOLATION: " + what);
  played_.violations.push_back(what);
}

auto Watcher::silence(Peer peer) const -> Seconds {
  // What comes while the server is stopped, it can't know.
  return network_.time().now() - std::max(network_.last_arrival(peer), awake_);
}

void Watcher::look(bool idle) {
  const auto now = network_.time().now();
  if (!idle) return last_look_.reset();
  // Only what the server could have seen when it last waited.
  if (last_look_) {
    for (const auto& [connection, peer] : seated_) {
      const Seconds since_look = now - *last_look_;
      if (silence(peer) - since_look > silence_of_the_dead + until_the_next_look) {
        violation(connection + " has been silent for " + std::to_string(silence(peer).count()) +
                  " s and is not down");
        seated_.erase(connection);
        return;
      }
    }
  }
  last_look_ = now;
}

void Watcher::hear(const std::string& text) {
  tell(text);
  if (text.starts_with(resumed)) began_again(std::stoull(text.substr(resumed.size())));
  // Else it is told of the past.
  if (repeats_) return;
  const auto open = text.find("(w"), close = text.find(')');
  if (!text.starts_with("worker ") || open == std::string::npos) return;
  const std::string connection = text.substr(open + 1, close - open - 1);
  const std::string rest = text.substr(close + 1);
  const Peer peer = std::stoull(connection.substr(connection.find('#') + 1));
  if (rest == " is up") seated_[connection] = peer;
  if (rest.starts_with(" is down")) hear_of_down(connection, rest);
}

void Watcher::hear_of_down(const std::string& connection, const std::string& why) {
  ++played_.downs;
  const Peer peer = std::stoull(connection.substr(connection.find('#') + 1));
  const Seconds silent = silence(peer);
  const bool known = seated_.erase(connection) > 0;
  const bool by_itself = why.find("connection is gone") != std::string::npos;
  // Its name begins with its process: "w3#17".
  if (!all_disturbed_ && !disturbed_.contains(std::stoull(connection.substr(1))) &&
      !(by_itself && server_was_slow_)) {
    violation(connection + " is taken for down, and is only slow, if that");
  }
  if (why.find("silent") == std::string::npos) return;
  // A short pause of its own it may not notice.
  const bool awake = longest_pause_ > noticed_pause;
  if (network_.longest_silence(peer, awake) < silence_of_the_dead) {
    violation(connection + " is taken for down " + std::to_string(silent.count()) +
              " s after its last word");
  }
  if (known && last_look_ && !network_.is_slow(SimulatedNetwork::server_process)) {
    played_.slowest_notice = std::max(played_.slowest_notice, silent.count());
  }
}

void Watcher::disturbed(SimulatedNetwork::Process process) {
  // Shards bear a server that is stopped, and one that comes anew.
  if (process == SimulatedNetwork::server_process) all_disturbed_ = true;
  disturbed_.insert(process);
}

void Watcher::shard_disturbed(SimulatedNetwork::Process process) {
  all_disturbed_ = true;
  disturbed_.insert(process);
}

void Watcher::hear_end(const std::string& error, SimulatedNetwork::Process blamed) {
  tell("the server ends: " + error);
  if (blamed == 0) return violation("the run ends, and no shard is named: " + error);
  if (!shards_disturbed_ && !disturbed_.contains(blamed)) {
    violation("the run ends for a shard that nothing is wrong with: " + error);
  }
  const auto says = [&](const char* what) { return error.find(what) != std::string::npos; };
  if (std::none_of(std::begin(reasons_to_end), std::end(reasons_to_end), says)) {
    violation("the run ends for a reason that should not be: " + error);
  }
}

void Watcher::reached(Version version) {
  if (repeats_) return;  // the past
  if (version < version_) {
    violation("the version falls from " + std::to_string(version_) + " to " +
              std::to_string(version));
  }
  version_ = version;
}

void Watcher::server_pauses(Seconds time) {
  last_look_.reset();
  const auto now = network_.time().now();
  // One pause that follows another is a longer one.
  longest_pause_ = now < awake_ ? std::max(longest_pause_, time) : time;
  awake_ = network_.stopped_until(SimulatedNetwork::server_process);
}

void Watcher::server_begins(bool repeats) {
  seated_.clear();
  last_look_.reset();
  tell("the server begins");
  repeats_ = repeats;
  if (!repeats) began_again(0);
}

void Watcher::began_again(Version version) {
  if (version_ > version + most_lost_) {
    violation("the server had made update " + std::to_string(version_) + " and goes on from " +
              std::to_string(version));
  }
  version_ = version;
  repeats_ = false;
}

}  // namespace syncline::testing
