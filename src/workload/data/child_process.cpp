#include "workload/data/child_process.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "syncline/error.hpp"

namespace syncline {
namespace {

constexpr std::size_t kept_output = 4096;

/// A pipe, each end of which is closed once.
class Pipe {
 public:
  explicit Pipe(const std::string& program) {
    if (pipe2(ends_.data(), O_CLOEXEC) != 0) {
      throw DataError(program + " cannot be started: " + std::strerror(errno));
    }
  }
  ~Pipe() {
    close(ends_[0]);
    close_writer();
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;

  [[nodiscard]] int reader() const { return ends_[0]; }
  [[nodiscard]] int writer() const { return ends_[1]; }
  /// Else the reader would wait for what we ourselves might write.
  void close_writer() {
    if (ends_[1] >= 0) close(ends_[1]);
    ends_[1] = -1;
  }

 private:
  std::array<int, 2> ends_{};
};

/// Between fork and exec: no call that may need what another thread held. What it could not do goes
/// to `trouble`, which exec closes.
[[noreturn]] void become(char* const* words, const char* folder, pid_t parent, int output,
                         int trouble) {
  const int in = open("/dev/null", O_RDONLY | O_CLOEXEC);
  // It dies with its parent, also with one that has died in the meantime.
  if (in >= 0 && prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && getppid() == parent &&
      chdir(folder) == 0 && dup2(in, STDIN_FILENO) >= 0 && dup2(output, STDOUT_FILENO) >= 0 &&
      dup2(output, STDERR_FILENO) >= 0) {
    std::signal(SIGPIPE, SIG_DFL);
    execvp(words[0], words);
  }
  const int error = errno;
  static_cast<void>(!write(trouble, &error, sizeof error));
  _exit(127);
}

/// What become() says; 0 where it has nothing to say.
int trouble_of(int pipe) {
  int error = 0;
  ssize_t got = 0;
  while ((got = read(pipe, &error, sizeof error)) < 0 && errno == EINTR) {
  }
  return got == sizeof error ? error : 0;
}

std::string read_tail(int pipe) {
  std::string tail;
  std::array<char, 1024> piece{};
  while (true) {
    const ssize_t got = read(pipe, piece.data(), piece.size());
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return tail;
    tail.append(piece.data(), static_cast<std::size_t>(got));
    if (tail.size() > kept_output) tail.erase(0, tail.size() - kept_output);
  }
}

int wait_for(pid_t child) {
  int status = 0;
  while (waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) return -1;
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace

ChildResult run_child(const std::vector<std::string>& arguments,
                      const std::filesystem::path& folder) {
  std::vector<char*> argv;
  for (const auto& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);

  Pipe output(arguments[0]);
  Pipe trouble(arguments[0]);
  const pid_t parent = getpid();
  const pid_t child = fork();
  if (child == 0) {
    become(argv.data(), folder.c_str(), parent, output.writer(), trouble.writer());
  }
  int error = child < 0 ? errno : 0;
  output.close_writer();
  trouble.close_writer();
  ChildResult result;
  if (child > 0) {
    error = trouble_of(trouble.reader());
    result.output = read_tail(output.reader());
    result.exit_code = wait_for(child);
  }
  result.found = error != ENOENT;
  if (error != 0 && error != ENOENT) {
    throw DataError(arguments[0] + " cannot be started: " + std::strerror(error));
  }
  return result;
}

}  // namespace syncline
