#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <sys/types.h>
#include <vector>

#include "cli/program.hpp"

// Jobs that mpirun starts on this machine, and what a test does to them.
namespace syncline::testing::mpi {

/// Of updates: the test ends the run.
inline constexpr const char* endless = "1000000000";

/// mpirun with so many ranks and further options; the program's words follow.
[[nodiscard]] std::vector<std::string> mpirun(int ranks, const std::vector<std::string>& more = {});

[[nodiscard]] std::vector<std::string> joined(std::vector<std::string> words,
                                              const std::vector<std::string>& more);

/// `train` with three workers, with its log and its model in run.jsonl and model. Each shard has
/// something to hold.
[[nodiscard]] std::vector<std::string> training(const std::string& policy,
                                                const std::string& updates,
                                                const std::vector<std::string>& mpirun_options = {},
                                                int shards = 0);

/// The run's log gives the run's model.
void check_replay(const std::filesystem::path& folder);

/// A running job whose output is watched.
class Watched {
 public:
  Watched(pid_t job, std::filesystem::path output) : job_(job), output_(std::move(output)) {}

  /// Until the output has this text so often.
  void wait_for(const std::string& text, int count = 1) const;
  /// Until it has been evaluated twice more: then it has got on.
  void wait_for_progress() const;

  void signal(int rank, int number) const;
  /// To mpirun: which passes it on, or ends the job.
  void signal_all(int number) const;
  [[nodiscard]] pid_t process(int rank) const;
  /// Of mpirun.
  [[nodiscard]] pid_t launcher() const;

 private:
  pid_t job_;
  std::filesystem::path output_;
};

/// Runs a job whose fate the test decides.
Ended run_watched(const std::vector<std::string>& words, const std::filesystem::path& folder,
                  const std::function<void(const Watched&)>& meanwhile);

}  // namespace syncline::testing::mpi
