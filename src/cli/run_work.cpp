#include "cli/run_work.hpp"

#include "base/keep_freed_memory.hpp"
#include "cli/console.hpp"
#include "cli/interrupt.hpp"
#include "fleet/cluster/worker_session.hpp"

namespace syncline {

ExitCode run_work(const WorkFlags& flags) {
  if (flags.server.empty()) throw ConfigError("work needs --server HOST:PORT");
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
  const auto transport = grpc_connect(flags.server, settings);
  const std::string ending = work(
      *transport, token, flags.data_folder, [](const std::string& news) { print_note(news); },
      [&] { return interrupted.load(std::memory_order_relaxed); });
  print_note(ending);
  return interrupted ? ExitCode::interrupted : ExitCode::done;
}

}  // namespace syncline
