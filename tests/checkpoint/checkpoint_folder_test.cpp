#include "checkpoint/checkpoint_folder.hpp"

#include <algorithm>
#include <span>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>
#include <rapidcheck.h>

#include "checkpoint/stored_checkpoint.hpp"
#include "support/small_disk.hpp"
#include "support/temporary_folder.hpp"
#include "syncline/error.hpp"

namespace syncline {
namespace {

namespace fs = std::filesystem;
using testing::entries;
using testing::TemporaryFolder;

fs::path write(CheckpointFolder& folder, int number, const std::vector<float>& values) {
  const std::vector<NamedVector<float>> vectors = {{"values", values}};
  return folder.write<float>({{"number", number}}, vectors);
}

TEST_CASE("a checkpoint gives back what was written, bit for bit, in both precisions") {
  rc::check([](const std::map<std::uint8_t, std::vector<double>>& vectors, bool single) {
    const TemporaryFolder place;
    CheckpointFolder folder(place / "checkpoints", 1);
    const nlohmann::json state = {{"vectors", vectors.size()}};
    const auto same = [&]<class Real>(Real) {
      std::map<std::uint8_t, std::vector<Real>> stored;
      std::vector<NamedVector<Real>> named;
      for (const auto& [name, values] : vectors) {
        stored[name].assign(values.begin(), values.end());
        named.push_back({std::to_string(name), stored[name]});
      }
      StoredCheckpoint read(folder.write<Real>(state, named));
      RC_ASSERT(read.state() == state);
      for (const auto& [name, values] : stored) {
        std::vector<Real> back(values.size());
        read.read(std::to_string(name), back);
        RC_ASSERT(
            std::ranges::equal(std::as_bytes(std::span(back)), std::as_bytes(std::span(values))));
        back.push_back(0);
        RC_ASSERT_THROWS_AS(read.read(std::to_string(name), back), DataError);
      }
      std::vector<Real> none;
      RC_ASSERT_THROWS_AS(read.read("nobody", none), DataError);
    };
    single ? same(float()) : same(double());
  });
}

TEST_CASE(
    "the last checkpoints stay, their numbers rise, and the newest is the first to be found") {
  const TemporaryFolder place;
  {
    CheckpointFolder folder(place / "checkpoints", 3);
    for (int i = 1; i <= 5; ++i) write(folder, i, {1});
  }
  CheckpointFolder again(place / "checkpoints", 2);
  CHECK(checkpoints_in(place / "checkpoints").size() == 3);
  CHECK(write(again, 6, {1}).filename() == "00000006");
  const auto found = checkpoints_in(place / "checkpoints");
  REQUIRE(found.size() == 2);
  CHECK(StoredCheckpoint(found[0]).state().at("number") == 6);
  CHECK(StoredCheckpoint(found[1]).state().at("number") == 5);
  CHECK(checkpoints_in(found[1]) == std::vector<fs::path>{found[1]});
  CHECK(checkpoints_in(place / "nowhere").empty());
}

TEST_CASE("a folder of checkpoints, left half-written by a killed process, is cleaned") {
  const TemporaryFolder place;
  fs::create_directories(place / "checkpoints/.writing-1");
  place.write("checkpoints/.writing-1/state.json", "{}");
  CheckpointFolder folder(place / "checkpoints", 1);
  write(folder, 1, {1});
  CHECK(entries(place / "checkpoints") == 2);  // the checkpoint and the lock
}

TEST_CASE("a folder of checkpoints is written by one at a time") {
  const TemporaryFolder place;
  {
    const CheckpointFolder first(place / "checkpoints", 1);
    CHECK_THROWS_WITH_AS(CheckpointFolder(place / "checkpoints", 1), doctest::Contains("in use"),
                         DataError);
  }
  CHECK_NOTHROW(CheckpointFolder(place / "checkpoints", 1));
}

TEST_CASE("a full disk costs no checkpoint that is there, and leaves nothing behind") {
  const TemporaryFolder place;
  CheckpointFolder folder(place / "checkpoints", 1);
  const std::vector<float> values(1000, 1);
  write(folder, 1, values);
  {
    const testing::SmallDisk disk(2000);
    CHECK_THROWS_AS(write(folder, 2, values), DataError);
  }
  CHECK(entries(place / "checkpoints") == 2);
  CHECK(StoredCheckpoint(checkpoints_in(place / "checkpoints").at(0)).state().at("number") == 1);
  CHECK(write(folder, 3, values).filename() == "00000002");
}

TEST_CASE("a file where the folder of checkpoints is to be is refused") {
  const TemporaryFolder place;
  place.write("checkpoints", "a file");
  CHECK_THROWS_AS(CheckpointFolder(place / "checkpoints", 1), DataError);
  CHECK_THROWS_AS(CheckpointFolder("/proc/none/checkpoints", 1), DataError);
}

TEST_CASE("a stored checkpoint, any file of it cut, changed or gone, is refused") {
  const TemporaryFolder place;
  CheckpointFolder folder(place / "checkpoints", 1);
  const fs::path good = write(folder, 1, {1, 2, 3});
  for (const char* name :
       {checkpoint_state_file, checkpoint_vectors_file, checkpoint_checksums_file}) {
    CAPTURE(name);
    const std::string file = "checkpoints/00000001/" + std::string(name);
    const std::string bytes = testing::read_file(good / name);
    for (std::size_t at = 0; at < bytes.size(); ++at) {
      place.write(file, bytes.substr(0, at));
      CHECK_THROWS_AS(StoredCheckpoint{good}, DataError);
      std::string changed = bytes;
      changed[at] = static_cast<char>(changed[at] ^ 1);
      place.write(file, changed);
      CHECK_THROWS_AS(StoredCheckpoint{good}, DataError);
    }
    fs::remove(good / name);
    CHECK_THROWS_AS(StoredCheckpoint{good}, DataError);
    place.write(file, bytes);
    CHECK_NOTHROW(StoredCheckpoint{good});
  }
}

}  // namespace
}  // namespace syncline
