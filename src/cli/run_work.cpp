#include "cli/run_work.hpp"

#include "base/keep_freed_memory.hpp"
#include "base/launcher.hpp"
#include "cli/console.hpp"
#include "cli/interrupt.hpp"
#include "fleet/cluster/work.hpp"

namespace syncline {

ExitCode run_work(const WorkFlags& flags) {
  const std::string server =
      flags.server.empty() ? launcher_address(this_environment()).value_or("") : flags.server;
  if (server.empty()) {
    throw ConfigError(
        "nothing says where the server is: give --server HOST:PORT, or set SYNCLINE_ADDRESS, or "
        "MASTER_ADDR and MASTER_PORT");
  }
  if (!(flags.give_up >= 0 && flags.give_up <= 1e9)) {
    throw ConfigError("--give-up must be a number of seconds from 0 to 1e9");
  }
  GrpcSettings settings = flags.cluster.settings(worker_files);
  if (flags.give_up > 0) {
    settings.give_up = std::chrono::milliseconds(static_cast<std::int64_t>(1e3 * flags.give_up));
  }
  const std::string token = flags.cluster.token();
  keep_freed_memory();
  const auto& interrupted = watch_interrupts();
  const auto transport = grpc_connect(server, settings);
  const auto tell = [&](const std::string& news) {
    if (!flags.quiet) print_note(news);
  };
  const std::string ending = work(
      *transport, token, flags.data_folder, tell,
      [&] { return interrupted.load(std::memory_order_relaxed); },
      [&](const std::string& shard) { return grpc_connect(shard, settings); });
  tell(ending);
  return interrupted ? ExitCode::interrupted : ExitCode::done;
}

}  // namespace syncline
