#include "cli/interrupt.hpp"

#include <csignal>

namespace syncline {
namespace {

std::atomic<bool> interrupted{false};
static_assert(std::atomic<bool>::is_always_lock_free, "a signal handler must not wait for a lock");

void handle(int) {
  interrupted.store(true, std::memory_order_relaxed);
  std::signal(SIGINT, SIG_DFL);
  std::signal(SIGTERM, SIG_DFL);
}

// A SIGTERM that follows must not kill a run that is writing its checkpoint.
void take_warning(int) { interrupted.store(true, std::memory_order_relaxed); }

}  // namespace

const std::atomic<bool>& watch_interrupts(Warning warning) {
  std::signal(SIGUSR1, warning == Warning::heeded ? take_warning : SIG_IGN);
  std::signal(SIGINT, handle);
  std::signal(SIGTERM, handle);
  return interrupted;
}

}  // namespace syncline
