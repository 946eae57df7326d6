// A job under mpirun of which every process is killed at once, as when a machine loses its power.

#include <csignal>
#include <sstream>

#include <doctest/doctest.h>

#include "transport/mpi/mpi_job.hpp"

namespace syncline {
namespace {

using namespace testing::mpi;

std::string updates_of(const std::filesystem::path& log) {
  std::istringstream all(read_text(log));
  std::string updates;
  for (std::string line; std::getline(all, line);) {
    // A kill may have cut the last line.
    if (!all.eof() && line.starts_with(R"({"event":"update",)")) updates += line + "\n";
  }
  return updates;
}

std::vector<std::string> job(const TemporaryFolder& folder, const std::string& durability) {
  // What killed ranks leave goes with the test's folder.
  return joined(
      training("k-async(k=2)", endless,
               {"--mca", "orte_tmpdir_base", folder.path(), "--mca", "btl_vader_backing_directory",
                folder.path()}),
      {"--checkpoint", "run.checkpoint", "--resume", "run.checkpoint", "--checkpoint-every", "0.3",
       "--durability", durability, "--codec", "top-k(share=0.2)", "--worker-momentum", "0.5"});
}

void check_resumes(const std::string& durability) {
  CAPTURE(durability);
  const TemporaryFolder folder;
  const Ended killed =
      run_watched(job(folder, durability), folder.path(), [&](const Watched& watched) {
        watched.wait_for("is up", 3);
        while (!std::filesystem::exists(folder.path() / "run.checkpoint/00000002")) {
          watched.wait_for_progress();
        }
        watched.wait_for_progress();
        std::vector<pid_t> all = {watched.launcher()};
        for (int rank = 0; rank < 4; ++rank) all.push_back(watched.process(rank));
        for (const pid_t process : all) kill(process, SIGKILL);
      });
  CAPTURE(killed.err);
  CHECK_FALSE(std::filesystem::exists(folder.path() / "model"));
  const std::string before = updates_of(folder.path() / "run.jsonl");

  const Ended resumed =
      run_watched(job(folder, durability), folder.path(), [](const Watched& watched) {
        watched.wait_for("resumed at update");
        watched.wait_for("is up", 3);
        watched.wait_for_progress();
        watched.signal(0, SIGTERM);
      });
  CAPTURE(resumed.err);
  CHECK(resumed.exit == 130);
  const std::string after = updates_of(folder.path() / "run.jsonl");
  CHECK(after.size() > before.size() / 2);
  if (durability == "every-update") {
    // Nothing of what had been done is lost, or is done in another way.
    CHECK(after.starts_with(before));
    CHECK(after.size() > before.size());
  }
  check_replay(folder.path());
}

TEST_CASE("all processes killed: the job goes on from its checkpoint, and the log replays whole") {
  check_resumes("checkpoint");
}

TEST_CASE("all processes killed, every update kept: the job goes on where it was") {
  check_resumes("every-update");
}

}  // namespace
}  // namespace syncline
