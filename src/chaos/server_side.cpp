#include "chaos/server_side.hpp"

#include <algorithm>
#include <csignal>
#include <future>

#include "chaos/log_tail.hpp"
#include "metrics/fetch_metrics.hpp"
#include "metrics/metrics_reader.hpp"
#include "syncline/error.hpp"

namespace syncline {
namespace {

using Clock = ServerSide::Clock;

double seconds(Clock::duration duration) { return std::chrono::duration<double>(duration).count(); }

bool is_checkpoint(const std::filesystem::path& path) {
  std::error_code none;
  if (!std::filesystem::is_directory(path, none)) return std::filesystem::exists(path, none);
  for (const auto& entry : std::filesystem::directory_iterator(path, none)) {
    if (entry.is_directory(none)) return true;
  }
  return false;
}

}  // namespace

bool ServerSide::has_checkpoint() const { return is_checkpoint(fleet_.job().race.run.checkpoint); }

bool ServerSide::can_strike(FaultKind kind) const {
  if (!watches() || !fleet_.server_listens()) return false;
  // Before its first checkpoint there is nothing from which the server could go on.
  const bool ends = kind == FaultKind::server_kill || kind == FaultKind::shard_kill;
  return !ends || has_checkpoint();
}

void ServerSide::strike(const PlannedFault& fault, bool all_quiet, Clock::time_point now) {
  if (fault.kind == FaultKind::server_kill) {
    const std::uint64_t measured = measured_update();
    fleet_.kill_server();
    return is_gone(now, measured);
  }
  if (fault.kind == FaultKind::shard_kill) {
    fleet_.shards().kill(fault.shard);
    dead_shard_.emplace(fault.shard, now);
    return;
  }
  if (fault.kind == FaultKind::shard_stop) {
    fleet_.shards().signal(fault.shard, SIGSTOP);
    shard_stopped_ = true;
  } else {
    pauses_.push_back({fault.kind, all_quiet});
    fleet_.signal_server(SIGSTOP);
    stopped_ = true;
  }
  // A server may wait for its shards, too.
  notices_.server_gone();
}

void ServerSide::repair(const PlannedFault& fault) {
  if (fault.kind == FaultKind::server_kill) return fleet_.start_server(true);
  if (fault.kind == FaultKind::shard_kill) return fleet_.shards().start(fault.shard);
  if (fault.kind == FaultKind::shard_stop) {
    fleet_.shards().signal(fault.shard, SIGCONT);
    shard_stopped_ = false;
    return;
  }
  fleet_.signal_server(SIGCONT);
  stopped_ = false;
}

std::uint64_t ServerSide::measured_update() const {
  const std::uint32_t port = fleet_.job().race.run.metrics_port;
  if (port == 0) return 0;
  return std::async(
             std::launch::async,
             [&]() -> std::uint64_t {
               if (network_.server_network() >= 0) enter_network(network_.server_network());
               try {
                 return read_metrics(fetch_metrics("127.0.0.1:" + std::to_string(port))).version;
               } catch (const DataError&) {
                 return 0;
               }
             })
      .get();
}

void ServerSide::is_gone(Clock::time_point now, std::uint64_t seen) {
  notices_.server_gone();
  ending_ = false;
  dead_shard_.reset();
  gone_ = true;
  went_ = now;
  back_.reset();
  restarts_.emplace_back();
  // The log lags behind by what its server had not handed out.
  restarts_.back().seen = std::max(seen, last_logged_update(fleet_.job().race.run.log));
}

void ServerSide::end_server() {
  fleet_.signal_server(SIGTERM);
  ending_ = workers_return_ = true;
  notices_.server_gone();
}

bool ServerSide::left(const ChildEnd& end, Clock::time_point now) {
  const bool told = ending_ && end.status == static_cast<int>(ExitCode::interrupted);
  const bool for_shard = dead_shard_ && end.status == static_cast<int>(ExitCode::data);
  if (!told && !for_shard) return false;
  if (for_shard) {
    const auto& [shard, since] = *dead_shard_;
    const std::string& address = fleet_.shards().address(shard);
    const bool named = fleet_.last_words("server").find(address) != std::string::npos;
    shard_deaths_.push_back({seconds(now - since), named});
  }
  is_gone(now, 0);
  fleet_.start_server(true);
  return true;
}

void ServerSide::look_whether_back(Clock::time_point now) {
  if (!gone_ || !fleet_.server_listens()) return;
  gone_ = false;
  back_ = now;
  restarts_.back().down = seconds(now - *went_);
}

void ServerSide::poll(Clock::time_point now) {
  look_whether_back(now);
  const bool all_there = fleet_.server_listens() && fleet_.up() == fleet_.workers();
  if (mended() && all_there) workers_return_ = false;
}

void ServerSide::up(Clock::time_point now) {
  if (restarts_.empty() || restarts_.back().all_up) return;
  look_whether_back(now);
  ServerRestart& restart = restarts_.back();
  if (back_ && fleet_.up() == fleet_.workers()) restart.all_up = seconds(now - *back_);
}

}  // namespace syncline
