#include "checkpoint/record_file.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "support/small_disk.hpp"
#include "support/temporary_folder.hpp"
#include "syncline/error.hpp"

namespace syncline {
namespace {

using testing::read_file;
using testing::TemporaryFolder;
using Records = std::vector<std::vector<std::byte>>;

Records records_in(const std::filesystem::path& path) {
  RecordReader reader(path);
  Records all;
  while (auto record = reader.next()) all.push_back(std::move(*record));
  CHECK(!reader.next());
  return all;
}

/// Writes them; returns the length of the file after each.
std::vector<std::size_t> write(const std::filesystem::path& path, const Records& records) {
  RecordWriter writer(path);
  std::vector<std::size_t> ends = {writer.bytes()};
  for (const auto& record : records) {
    writer.append(record);
    ends.push_back(writer.bytes());
  }
  writer.sync();
  return ends;
}

bool begins_with(const Records& all, const Records& part, std::size_t count) {
  return part.size() == count && std::equal(part.begin(), part.end(), all.begin());
}

TEST_CASE("records, cut or changed at any byte, are read up to the one that it is in") {
  rc::check([](const std::vector<std::vector<std::uint8_t>>& contents) {
    const TemporaryFolder folder;
    Records records;
    for (const auto& content : contents) {
      const auto bytes = std::as_bytes(std::span(content));
      records.emplace_back(bytes.begin(), bytes.end());
    }
    const auto ends = write(folder / "whole", records);
    const std::string whole = read_file(folder / "whole");
    RC_ASSERT(whole.size() == ends.back());
    RC_ASSERT(records_in(folder / "whole") == records);
    const std::size_t at = *rc::gen::inRange<std::size_t>(0, whole.size());
    // Records whose end is not behind the place.
    std::size_t before = 0;
    while (before + 1 < ends.size() && ends[before + 1] <= at) ++before;

    folder.write("cut", whole.substr(0, at));
    RC_ASSERT(begins_with(records, records_in(folder / "cut"), before));

    std::string changed = whole;
    changed[at] = static_cast<char>(changed[at] ^ (1 << *rc::gen::inRange(0, 8)));
    folder.write("changed", changed);
    if (at < ends[0]) {
      RC_ASSERT_THROWS_AS(records_in(folder / "changed"), DataError);
    } else {
      RC_ASSERT(begins_with(records, records_in(folder / "changed"), before));
    }
  });
}

TEST_CASE("a record file that is there already is not written over") {
  const TemporaryFolder folder;
  write(folder / "file", {});
  CHECK_THROWS_AS(RecordWriter(folder / "file"), DataError);
}

TEST_CASE("a record file, no room on the disk, throws, and what was synced stays") {
  const TemporaryFolder folder;
  RecordWriter writer(folder / "file");
  const std::vector<std::byte> record(1000);
  writer.append(record);
  writer.sync();
  {
    const testing::SmallDisk disk(1500);
    CHECK_THROWS_AS(
        [&] {
          writer.append(record);
          writer.sync();
        }(),
        DataError);
  }
  CHECK(records_in(folder / "file") == Records{record});
}

}  // namespace
}  // namespace syncline
