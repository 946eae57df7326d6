#include "workload/data/child_process.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "syncline/error.hpp"

extern char** environ;

namespace syncline {
namespace {

constexpr std::size_t kept_output = 4096;

class FileActions {
 public:
  FileActions() { posix_spawn_file_actions_init(&actions_); }
  ~FileActions() { posix_spawn_file_actions_destroy(&actions_); }
  FileActions(const FileActions&) = delete;
  FileActions& operator=(const FileActions&) = delete;
  posix_spawn_file_actions_t* get() { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_;
};

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

  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) {
    throw DataError(arguments[0] + " cannot be started: " + std::strerror(errno));
  }
  FileActions actions;
  posix_spawn_file_actions_addchdir_np(actions.get(), folder.c_str());
  posix_spawn_file_actions_addopen(actions.get(), STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(actions.get(), ends[1], STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(actions.get(), ends[1], STDERR_FILENO);
  pid_t child = 0;
  const int error = posix_spawnp(&child, argv[0], actions.get(), nullptr, argv.data(), environ);
  // Ours must be closed, or the pipe would never report its end.
  close(ends[1]);
  ChildResult result;
  if (error == 0) {
    result.output = read_tail(ends[0]);
    result.exit_code = wait_for(child);
  }
  close(ends[0]);
  result.found = error != ENOENT;
  if (error != 0 && error != ENOENT) {
    throw DataError(arguments[0] + " cannot be started: " + std::strerror(error));
  }
  return result;
}

}  // namespace syncline
