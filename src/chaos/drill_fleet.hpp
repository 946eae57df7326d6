#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "chaos/child_process.hpp"
#include "chaos/drill_network.hpp"
#include "chaos/drill_secrets.hpp"
#include "chaos/drill_shards.hpp"
#include "chaos/line_tail.hpp"
#include "syncline/options.hpp"

namespace syncline {

/// The real processes of one run: a `serve`, as many `work` as its configuration has workers, and
/// perhaps one more, the spare, for which there is no place. What they say on stderr is read as it
/// comes. For the main thread.
class DrillFleet {
 public:
  /// Of a process that is no worker of the run.
  static constexpr std::uint32_t nobody = ~std::uint32_t{0};

  /// `folder`: for the files of the run, made anew. `job`: its configuration, outputs included.
  /// The references must outlive this. Throws DataError.
  DrillFleet(std::string program, std::filesystem::path folder, Settings job, DrillNetwork& network,
             const DrillSecrets& secrets, bool with_spare, std::uint32_t shards);

  /// Told when the server says that a worker is there, or that the one of this number is gone.
  std::function<void()> on_up = [] {};
  std::function<void(std::uint32_t seat)> on_down = [](auto) {};
  /// Told at which update a resumed server goes on.
  std::function<void(std::uint64_t update)> on_resumed = [](auto) {};
  /// Told when a worker has lost patience with the server, and connects anew.
  std::function<void()> on_anew = [] {};

  /// As soon as all shards listen.
  void start_server(bool resume);
  void start_worker(std::uint32_t worker);
  /// Reads what was said and looks who has ended.
  void poll();

  /// Kills it and waits for its end.
  void kill_server();
  void kill_worker(std::uint32_t worker);
  void signal_worker(std::uint32_t worker, int number);
  void signal_server(int number);

  [[nodiscard]] bool server_listens() const { return listens_; }
  /// How the server has ended, if it runs no more.
  [[nodiscard]] std::optional<ChildEnd> server_end() const;
  [[nodiscard]] bool alive(std::uint32_t worker) const;
  /// How the worker has ended by itself; nullopt if it runs, or was killed here.
  [[nodiscard]] std::optional<ChildEnd> worker_end(std::uint32_t worker) const;
  /// The number that the server has given to the process, while it counts on it; else `nobody`.
  [[nodiscard]] std::uint32_t seat(std::uint32_t worker) const;
  /// How many workers the server counts on.
  [[nodiscard]] std::uint32_t up() const;
  /// For whom there are places: their processes come first.
  [[nodiscard]] std::uint32_t workers() const { return static_cast<std::uint32_t>(up_.size()); }
  /// These and the spare, if there may be one: the last.
  [[nodiscard]] std::uint32_t processes() const {
    return static_cast<std::uint32_t>(processes_.size());
  }
  [[nodiscard]] DrillShards& shards() { return shards_; }
  [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }
  [[nodiscard]] const Settings& job() const { return job_; }
  /// The last lines that the server, or a worker, has said.
  [[nodiscard]] std::string last_words(const std::string& process) const;

 private:
  struct Worker {
    std::unique_ptr<ChildProcess> process;
    std::optional<LineTail> said;
    std::uint32_t seat = nobody;
  };
  void start_wanted_server();
  void hear_server();
  void hear(std::uint32_t worker);

  std::string program_;
  std::filesystem::path folder_;
  Settings job_;
  DrillNetwork& network_;
  const DrillSecrets& secrets_;
  DrillShards shards_;
  std::optional<bool> server_wanted_;  ///< to be started, and whether it resumes
  std::unique_ptr<ChildProcess> server_;
  LineTail server_said_;
  bool listens_ = false;
  /// It resumes, and until it says where it goes on it repeats what it said in its earlier life.
  bool repeats_ = false;
  std::vector<Worker> processes_;
  // By the server's number:
  std::vector<bool> up_;
  std::vector<std::uint32_t> owner_;  ///< the process that was given it last
};

}  // namespace syncline
