#include "cli/process.hpp"

#include <chrono>
#include <csignal>
#include <fcntl.h>
#include <stdexcept>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace syncline {
namespace {

constexpr std::chrono::seconds patience{240};
constexpr std::chrono::milliseconds between_looks{5};

}  // namespace

Process::Process(const std::vector<std::string>& arguments) {
  std::vector<std::string> words = {SYNCLINE_PROGRAM};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> pointers;
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  const auto create = [&](const char* name) {
    return open((folder_.path() / name).c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
  };
  const int out = create("out");
  const int err = create("err");
  process_ = fork();
  if (process_ == 0) {
    dup2(open("/dev/null", O_RDONLY), STDIN_FILENO);
    dup2(out, STDOUT_FILENO);
    dup2(err, STDERR_FILENO);
    execv(pointers[0], pointers.data());
    _exit(127);
  }
  close(out);
  close(err);
  if (process_ < 0) throw std::runtime_error("can't fork");
}

Process::~Process() {
  if (has_ended()) return;
  signal(SIGKILL);
  waitpid(process_, &status_, 0);
}

void Process::signal(int number) const { kill(process_, number); }

bool Process::has_ended() {
  if (!over_) over_ = waitpid(process_, &status_, WNOHANG) == process_;
  return over_;
}

std::string Process::await(const std::string& text, int times) {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  for (;;) {
    const bool over = has_ended();  // before looking, so that the last words are seen
    const std::string said = err();
    std::size_t at = 0;
    int found = 0;
    while (found < times && (at = said.find(text, at)) != std::string::npos) {
      at += text.size();
      ++found;
    }
    const auto end = found == times ? said.find('\n', at) : std::string::npos;
    if (end != std::string::npos) return said.substr(at, end - at);
    if (over || std::chrono::steady_clock::now() > deadline) {
      throw std::runtime_error("'" + text + "' did not come " + std::to_string(times) +
                               " times: " + said);
    }
    std::this_thread::sleep_for(between_looks);
  }
}

Ended Process::ended() {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  while (!has_ended()) {
    if (std::chrono::steady_clock::now() > deadline) throw std::runtime_error("hangs: " + err());
    std::this_thread::sleep_for(between_looks);
  }
  Ended ended;
  if (WIFEXITED(status_)) ended.exit = WEXITSTATUS(status_);
  if (WIFSIGNALED(status_)) ended.signal = WTERMSIG(status_);
  ended.out = read_text(folder_.path() / "out");
  ended.err = err();
  return ended;
}

}  // namespace syncline
