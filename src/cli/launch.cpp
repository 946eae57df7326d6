#include "cli/launch.hpp"

#include "checkpoint/checkpoint_folder.hpp"
#include "cli/console.hpp"

namespace syncline {
namespace {

bool is_this_machine(const std::string& address) {
  for (const char* own : {"localhost:", "127.", "[::1]:"}) {
    if (address.starts_with(own)) return true;
  }
  return false;
}

}  // namespace

std::string listening_address(const std::string& flag, const Environment& environment) {
  if (!flag.empty()) return flag;
  const std::string address = launcher_address(environment).value_or("");
  if (address.empty() || is_this_machine(address)) return address;
  return "0.0.0.0" + address.substr(address.rfind(':'));
}

void resume_after_restart(RunConfig& run, const Environment& environment) {
  const std::uint64_t restarts = launcher_restarts(environment);
  if (restarts == 0 || run.checkpoint.empty() || !run.resume.empty()) return;
  if (checkpoints_in(run.checkpoint).empty()) return;
  run.resume = run.checkpoint;
  print_note("started anew by the launcher (restart " + std::to_string(restarts) +
             "): goes on from the checkpoints in '" + run.checkpoint + "'");
}

}  // namespace syncline
