// What a death leaves of files, and what it can't take.

#include "fleet/monkey/simulated_disk.hpp"

#include <fcntl.h>
#include <set>
#include <string>
#include <unistd.h>

#include <doctest/doctest.h>

#include "base/atomic_file.hpp"
#include "support/temporary_folder.hpp"

namespace syncline::testing {
namespace {

using Death = SimulatedDisk::Death;

/// A process that has a file open, and syncs the first three of its six bytes.
std::string left_of_file(Death death, std::uint64_t seed) {
  const TemporaryFolder folder;
  SimulatedDisk disk(folder.path(), seed);
  const int file = open((folder / "file").c_str(), O_WRONLY | O_CREAT, 0666);
  REQUIRE(write(file, "abc", 3) == 3);
  REQUIRE(fdatasync(file) == 0);
  REQUIRE(write(file, "def", 3) == 3);
  disk.at_sync([&] {
    disk.die(death);
    throw Death(death);
  });
  if (death == Death::writing) {
    CHECK_THROWS_AS(fdatasync(file), Death);
  } else {
    disk.die(death);
  }
  // After its death it does nothing any more.
  CHECK(write(file, "ghi", 3) == 3);
  close(file);
  disk.begin_again();
  return read_file(folder / "file");
}

std::set<std::string> all_left(Death death) {
  std::set<std::string> all;
  for (std::uint64_t seed = 1; seed <= 200; ++seed) all.insert(left_of_file(death, seed));
  return all;
}

TEST_CASE("a process that dies leaves what it has written; within a write, a part of that") {
  CHECK(all_left(Death::quiet) == std::set<std::string>{"abcdef"});
  CHECK(all_left(Death::writing) == std::set<std::string>{"abc", "abcd", "abcde", "abcdef"});
}

TEST_CASE("a machine that dies leaves what was synced, and of the rest a part or zeros") {
  using namespace std::string_literals;
  CHECK(all_left(Death::outage) == std::set<std::string>{"abc", "abcd", "abcde", "abcdef",
                                                         "abc\0\0\0"s, "abcd\0\0"s, "abcde\0"s});
}

TEST_CASE("a name in a folder outlives the machine for certain once the folder is synced") {
  for (const bool syncs : {false, true}) {
    CAPTURE(syncs);
    std::set<bool> there;
    for (std::uint64_t seed = 1; seed <= 40; ++seed) {
      const TemporaryFolder folder;
      SimulatedDisk disk(folder.path(), seed);
      std::filesystem::create_directory(folder / "inner");
      std::filesystem::create_directory(folder / "inner" / "draft");
      sync_folder(folder / "inner");
      std::filesystem::rename(folder / "inner" / "draft", folder / "inner" / "done");
      if (syncs) sync_folder(folder / "inner");
      disk.die(Death::outage);
      disk.begin_again();
      there.insert(std::filesystem::exists(folder / "inner" / "done"));
    }
    CHECK(there == (syncs ? std::set<bool>{true} : std::set<bool>{false, true}));
  }
}

TEST_CASE("a file put in place by its name is whole or not there, whenever the machine dies") {
  for (std::uint64_t write = 1; write <= 3; ++write) {
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
      const TemporaryFolder folder;
      SimulatedDisk disk(folder.path(), seed);
      std::filesystem::create_directory(folder / "inner");
      std::uint64_t left = write;
      disk.at_sync([&] {
        if (--left > 0) return;
        disk.die(Death::outage);
        throw Death(Death::outage);
      });
      const auto file = folder / "inner" / "file";
      try {
        write_file_atomically(file, {{"contents"}});
        disk.die(Death::outage);
      } catch (const Death&) {
      }
      disk.begin_again();
      const bool there = std::filesystem::exists(file);
      CHECK((!there || read_file(file) == "contents"));
      if (write == 3) CHECK(there);
    }
  }
}

}  // namespace
}  // namespace syncline::testing
