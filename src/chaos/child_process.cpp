#include "chaos/child_process.hpp"

#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "syncline/error.hpp"

namespace syncline {
namespace {

/// What execv could not do.
constexpr int not_started = 127;
/// That a process has open as a rule at most: for kernels before 5.9, which can't close them all.
constexpr unsigned most_files = 1024;

/// Between fork and exec: only calls that are safe there, whatever other threads held.
[[noreturn]] void become(char* const* words, pid_t parent, int in, int out, int err, int network) {
  // Dies with its parent, also with one that has died in the meantime.
  if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != parent) _exit(not_started);
  setpgid(0, 0);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  std::signal(SIGINT, SIG_DFL);
  std::signal(SIGTERM, SIG_DFL);
  if (network >= 0 && setns(network, CLONE_NEWNET) != 0) _exit(not_started);
  dup2(in, STDIN_FILENO);
  dup2(out, STDOUT_FILENO);
  dup2(err, STDERR_FILENO);
  // A socket of the proxy that lived on in here would not be gone when the proxy resets it.
  constexpr unsigned first = STDERR_FILENO + 1;
  if (close_range(first, ~0U, 0) != 0) {
    for (unsigned file = first; file < most_files; ++file) close(static_cast<int>(file));
  }
  execv(words[0], words);
  _exit(not_started);
}

int open_file(const char* path, int flags) {
  const int file = open(path, flags | O_CLOEXEC, 0600);
  if (file < 0) throw DataError("can't open '" + std::string(path) + "': " + std::strerror(errno));
  return file;
}

}  // namespace

ChildProcess::ChildProcess(const ChildStart& start) {
  std::vector<std::string> words = start.words;
  std::vector<char*> pointers;
  pointers.reserve(words.size() + 1);
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  const int in = open_file("/dev/null", O_RDONLY);
  const int out = open_file(start.out.c_str(), O_CREAT | O_APPEND | O_WRONLY);
  const int err = open_file(start.err.c_str(), O_CREAT | O_APPEND | O_WRONLY);
  const pid_t parent = getpid();
  id_ = fork();
  if (id_ == 0) become(pointers.data(), parent, in, out, err, start.network);
  close(in);
  close(out);
  close(err);
  if (id_ < 0) throw DataError(std::string("can't start a process: ") + std::strerror(errno));
}

ChildProcess::~ChildProcess() {
  if (end()) return;
  kill(id_, SIGKILL);
  int status = 0;
  while (waitpid(id_, &status, 0) < 0 && errno == EINTR) {
  }
}

void ChildProcess::signal(int number) {
  // An ended process that was not waited for keeps its number; one that was may be another's.
  if (!end()) kill(id_, number);
}

const std::optional<ChildEnd>& ChildProcess::end() {
  int status = 0;
  if (!end_ && waitpid(id_, &status, WNOHANG) == id_) {
    end_.emplace();
    if (WIFEXITED(status)) end_->status = WEXITSTATUS(status);
    if (WIFSIGNALED(status)) end_->signal = WTERMSIG(status);
  }
  return end_;
}

std::string own_program() {
  std::error_code error;
  const auto path = std::filesystem::read_symlink("/proc/self/exe", error);
  if (error) throw DataError("can't find this program's own file: " + error.message());
  return path.string();
}

}  // namespace syncline
