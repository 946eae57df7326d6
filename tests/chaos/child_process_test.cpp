#include "chaos/child_process.hpp"

#include <csignal>
#include <fcntl.h>
#include <fstream>
#include <thread>
#include <unistd.h>

#include <doctest/doctest.h>

#include "chaos/run_command.hpp"
#include "support/temporary_folder.hpp"
#include "syncline/error.hpp"

namespace syncline {
namespace {

using testing::TemporaryFolder;

ChildEnd end_of(ChildProcess& child) {
  while (!child.end()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  return *child.end();
}

std::string content(const std::filesystem::path& file) {
  std::ifstream stream(file);
  return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

TEST_CASE("a child's output is appended to its files, and its exit status is known") {
  const TemporaryFolder folder;
  for (int i = 0; i < 2; ++i) {
    ChildProcess child(
        {{"/bin/sh", "-c", "echo out; echo err >&2; exit 7"}, folder / "out", folder / "err"});
    CHECK(end_of(child).status == 7);
    CHECK(child.end()->signal == 0);
    child.signal(SIGKILL);  // of one that is over: nothing
  }
  CHECK(content(folder / "out") == "out\nout\n");
  CHECK(content(folder / "err") == "err\nerr\n");
}

TEST_CASE("a child has none of our files open") {
  const TemporaryFolder folder;
  const int ours = open("/dev/null", O_RDONLY);  // without O_CLOEXEC, as sockets of libraries are
  REQUIRE(ours > STDERR_FILENO);
  ChildProcess child({{"/bin/sh", "-c", "ls /proc/$$/fd"}, folder / "out", folder / "err"});
  CHECK(end_of(child).status == 0);
  close(ours);
  const std::string open_files = content(folder / "out");
  CAPTURE(open_files);
  CHECK(open_files.find('\n' + std::to_string(ours) + '\n') == std::string::npos);
  CHECK(open_files.rfind("0\n1\n2\n", 0) == 0);
}

TEST_CASE("a child is stopped and killed by signals, and gone with its object") {
  const TemporaryFolder folder;
  pid_t id = 0;
  {
    ChildProcess child({{"/bin/sh", "-c", "while :; do sleep 1; done"}, "/dev/null", "/dev/null"});
    id = child.id();
    CHECK_FALSE(child.end());
    child.signal(SIGSTOP);
    CHECK_FALSE(child.end());
    child.signal(SIGKILL);
    CHECK(end_of(child).signal == SIGKILL);
    CHECK(child.end()->status == -1);
  }
  CHECK(kill(id, 0) == -1);
  {
    ChildProcess child({{"/bin/sleep", "1000"}, "/dev/null", "/dev/null"});
    id = child.id();
  }
  CHECK(kill(id, 0) == -1);
}

TEST_CASE("a program that is not there, or files that can't be written, are errors") {
  const TemporaryFolder folder;
  ChildProcess child({{"/nowhere/program"}, "/dev/null", "/dev/null"});
  CHECK(end_of(child).status == 127);
  CHECK_THROWS_AS(ChildProcess({{"/bin/true"}, "/nowhere/out", "/dev/null"}), DataError);
  CHECK(run_command({"/bin/sh", "-c", "exit 0"}, folder.path()).empty());
  CHECK(run_command({"/bin/sh", "-c", "echo no >&2; exit 1"}, folder.path()) == "no");
  CHECK_FALSE(run_command({"/bin/false"}, folder.path()).empty());
  CHECK(find_program("sh"));
  CHECK_FALSE(find_program("no-such-program-7316"));
  CHECK(std::filesystem::exists(own_program()));
}

}  // namespace
}  // namespace syncline
