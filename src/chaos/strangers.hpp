#pragma once

#include <filesystem>
#include <list>
#include <memory>
#include <vector>

#include "chaos/child_process.hpp"
#include "chaos/drill_network.hpp"
#include "chaos/drill_secrets.hpp"

namespace syncline {

/// Who knocked, and what came of it.
struct StrangerCounts {
  std::uint64_t connections = 0;   ///< random bytes and half-open ones that the server took
  std::uint64_t nobody_there = 0;  ///< the server was not there just then
  std::uint64_t refused = 0;       ///< by its token: the server counts these too
  std::uint64_t shut_out = 0;      ///< found no connection, as one without a certificate should
  std::uint64_t let_in = 0;        ///< must be 0
  std::uint64_t odd = 0;           ///< ended otherwise; must be 0
};

/// Everybody who knocks at the port of a drill without being of the job. For the main thread.
class Strangers {
 public:
  /// All references must outlive this. `folder`: for the output of processes.
  Strangers(std::string program, std::filesystem::path folder, const DrillNetwork& network,
            const DrillSecrets& secrets);
  ~Strangers();
  Strangers(const Strangers&) = delete;
  Strangers& operator=(const Strangers&) = delete;

  void knock(const PlannedFault& fault);
  /// Counts those that have ended, and whose time is over.
  void poll(double time);
  /// Whether some process is still there; they give up by themselves.
  [[nodiscard]] bool busy() const { return !visitors_.empty(); }
  [[nodiscard]] const StrangerCounts& counts() const { return counts_; }

 private:
  struct Visitor {
    std::unique_ptr<ChildProcess> process;
    std::filesystem::path said;
  };
  struct Connection {
    int socket;
    double until;
  };
  void connect(const PlannedFault& fault);
  void start(const std::vector<std::string>& secrets);
  void judge(const Visitor& visitor);

  std::string program_;
  std::filesystem::path folder_;
  const DrillNetwork& network_;
  const DrillSecrets& secrets_;
  std::list<Visitor> visitors_;
  std::vector<Connection> connections_;
  StrangerCounts counts_;
  std::uint64_t started_ = 0;
};

}  // namespace syncline
