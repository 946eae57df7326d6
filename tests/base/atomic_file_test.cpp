#include "base/atomic_file.hpp"

#include <filesystem>
#include <sys/stat.h>
#include <thread>

#include <doctest/doctest.h>

#include "support/small_disk.hpp"
#include "support/temporary_folder.hpp"
#include "syncline/error.hpp"

namespace syncline {
namespace {

using testing::entries;
using testing::read_file;
using testing::SmallDisk;
using testing::TemporaryFolder;

TEST_CASE("an atomic file, written in pieces, holds them all and leaves nothing beside it") {
  const TemporaryFolder folder;
  const std::string large(3 << 20, 'x');
  write_file_atomically(folder / "file", {"a", "", large, "b"});
  CHECK(read_file(folder / "file") == "a" + large + "b");
  write_file_atomically(folder / "file", {"new"});
  CHECK(read_file(folder / "file") == "new");
  CHECK(entries(folder.path()) == 1);
}

TEST_CASE("an atomic file, its folder missing, makes the folder") {
  const TemporaryFolder folder;
  write_file_atomically(folder / "a/b/c", {"text"});
  CHECK(read_file(folder / "a/b/c") == "text");
}

TEST_CASE("an atomic file, its target a folder, throws DataError and leaves nothing") {
  const TemporaryFolder folder;
  std::filesystem::create_directory(folder / "taken");
  folder.write("taken/inside", std::string("kept"));
  // Everything is written; the rename fails, even for root.
  CHECK_THROWS_AS(write_file_atomically(folder / "taken", {"text"}), DataError);
  CHECK(read_file(folder / "taken/inside") == "kept");
  CHECK(entries(folder.path()) == 1);
}

TEST_CASE(
    "an atomic file, in a place that can't be written, throws DataError with path and cause") {
  const TemporaryFolder folder;
  folder.write("file", std::string("no folder"));
  std::string message;
  try {
    write_file_atomically(folder / "file/below", {"text"});
  } catch (const DataError& error) {
    message = error.what();
  }
  CHECK(message.find("can't write '" + (folder / "file/below").string() + "': ") == 0);
  CHECK(message.size() > std::string("can't write '': ").size() + folder.path().string().size());
  CHECK(read_file(folder / "file") == "no folder");
  CHECK(entries(folder.path()) == 1);
  // No folder can be made here, and no file, whoever asks.
  CHECK_THROWS_AS(write_file_atomically("/proc/nothing/file", {"text"}), DataError);
}

TEST_CASE("an atomic file, its target a pipe, is written through and the pipe stays") {
  const TemporaryFolder folder;
  const auto pipe = folder / "pipe";
  REQUIRE(mkfifo(pipe.c_str(), 0600) == 0);
  std::string received;
  std::thread reader([&] { received = read_file(pipe); });
  write_file_atomically(pipe, {"te", "xt"});
  reader.join();
  CHECK(received == "text");
  CHECK(std::filesystem::is_fifo(pipe));
  CHECK(entries(folder.path()) == 1);
}

TEST_CASE("an atomic file, its target a chain of links, replaces the file and keeps the links") {
  const TemporaryFolder folder;
  std::filesystem::create_directory(folder / "far");
  std::filesystem::create_symlink("far/link", folder / "link");
  std::filesystem::create_symlink("file", folder / "far/link");
  for (const std::string text : {"first, the links dangling", "second"}) {
    write_file_atomically(folder / "link", {text});
    CHECK(read_file(folder / "far/file") == text);
    CHECK(std::filesystem::is_symlink(folder / "link"));
    CHECK(std::filesystem::is_symlink(folder / "far/link"));
  }
  CHECK(entries(folder.path()) == 2);
  CHECK(entries(folder / "far") == 2);
}

TEST_CASE("an atomic file, its target leading to a full device, throws DataError and stays") {
  const TemporaryFolder folder;
  std::filesystem::create_symlink("/dev/full", folder / "full");
  std::filesystem::create_symlink("/dev/null", folder / "null");
  CHECK_THROWS_AS(write_file_atomically(folder / "full", {"text"}), DataError);
  CHECK_NOTHROW(write_file_atomically(folder / "null", {"text"}));
  CHECK(std::filesystem::is_character_file(folder / "full"));
  CHECK(std::filesystem::is_character_file(folder / "null"));
  CHECK(entries(folder.path()) == 2);
}

TEST_CASE("an atomic file, no room for all of it, throws DataError and keeps the old content") {
  const TemporaryFolder folder;
  write_file_atomically(folder / "file", {"old"});
  {
    const SmallDisk disk(1000);
    CHECK_THROWS_AS(write_file_atomically(folder / "file", {std::string(999, 'x'), "yy"}),
                    DataError);
  }
  CHECK(read_file(folder / "file") == "old");
  CHECK(entries(folder.path()) == 1);
}

}  // namespace
}  // namespace syncline
