#include "transport/processor_time.hpp"

#include <chrono>
#include <sstream>
#include <stdexcept>
#include <string>
#include <thread>
#include <unistd.h>

#include "cli/program.hpp"

namespace syncline::testing {
namespace {

double processor_seconds(pid_t process) {
  const std::string text = read_text("/proc/" + std::to_string(process) + "/stat");
  // What follows the name, which may have blanks, are the fields from the third on.
  std::istringstream fields(text.substr(text.rfind(')') + 1));
  constexpr int before = 11;  // from `state` to the one before utime
  std::string skipped;
  for (int i = 0; i < before; ++i) fields >> skipped;
  double own = 0, kernel = 0;
  if (!(fields >> own >> kernel)) throw std::runtime_error("no such process: " + text);
  return (own + kernel) / static_cast<double>(sysconf(_SC_CLK_TCK));
}

std::vector<double> all_seconds(const std::vector<pid_t>& processes) {
  std::vector<double> seconds;
  for (const pid_t process : processes) seconds.push_back(processor_seconds(process));
  return seconds;
}

}  // namespace

std::vector<double> shares_of_core(const std::vector<pid_t>& processes) {
  const auto begin = std::chrono::steady_clock::now();
  const std::vector<double> before = all_seconds(processes);
  std::this_thread::sleep_for(std::chrono::seconds(2));
  const std::vector<double> after = all_seconds(processes);
  const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - begin;
  std::vector<double> shares;
  for (std::size_t i = 0; i < processes.size(); ++i) {
    shares.push_back((after[i] - before[i]) / passed.count());
  }
  return shares;
}

}  // namespace syncline::testing
