#include "cli/program.hpp"

#include <cstdlib>
#include <fcntl.h>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <sys/wait.h>
#include <unistd.h>

namespace syncline {
namespace {

/// Only calls that are safe between fork and exec.
[[noreturn]] void become(char* const* words, const char* folder, int out, int err) {
  const int in = open("/dev/null", O_RDONLY);
  dup2(in, STDIN_FILENO);
  dup2(out, STDOUT_FILENO);
  dup2(err, STDERR_FILENO);
  if (chdir(folder) == 0) execv(words[0], words);
  _exit(127);
}

int create(const std::filesystem::path& file) {
  return open(file.c_str(), O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600);
}

}  // namespace

TemporaryFolder::TemporaryFolder() {
  std::string pattern = (std::filesystem::temp_directory_path() / "syncline-test-XXXXXX").string();
  if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder");
  path_ = pattern;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::string TemporaryFolder::write(const std::string& name, const std::string& text) const {
  std::ofstream(path_ / name, std::ios::binary) << text;
  return (path_ / name).string();
}

std::string read_text(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

Ended run(const Start& start) {
  const TemporaryFolder scratch;
  const int out =
      start.standard_output >= 0 ? start.standard_output : create(scratch.path() / "out");
  const int err = start.standard_error >= 0 ? start.standard_error : create(scratch.path() / "err");
  std::vector<char*> words;
  for (const auto& word : start.words) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);

  const pid_t process = fork();
  if (process == 0) become(words.data(), start.folder.c_str(), out, err);
  if (process < 0) throw std::runtime_error("can't fork");
  if (start.standard_output < 0) close(out);
  if (start.standard_error < 0) close(err);
  if (start.meanwhile) start.meanwhile(process);
  int status = 0;
  waitpid(process, &status, 0);

  Ended ended;
  if (WIFEXITED(status)) ended.exit = WEXITSTATUS(status);
  if (WIFSIGNALED(status)) ended.signal = WTERMSIG(status);
  ended.out = read_text(scratch.path() / "out");
  ended.err = read_text(scratch.path() / "err");
  return ended;
}

Ended syncline_run(const std::vector<std::string>& arguments, const std::filesystem::path& folder) {
  Start start;
  start.words = {SYNCLINE_PROGRAM};
  start.words.insert(start.words.end(), arguments.begin(), arguments.end());
  start.folder = folder;
  return run(start);
}

}  // namespace syncline
