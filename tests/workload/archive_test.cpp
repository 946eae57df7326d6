#include "workload/data/archive.hpp"

#include <doctest/doctest.h>

#include "make_archive.hpp"
#include "support/temporary_folder.hpp"
#include "syncline/error.hpp"

namespace syncline {
namespace {

using testing::TemporaryFolder;

TEST_CASE("archive gives exactly the wanted members") {
  const TemporaryFolder folder;
  const auto tar = folder.path() / "a.tgz";
  testing::make_archive(tar, {{"p/one", "first"}, {"p/two", "second"}, {"../evil", "third"}});
  unpack_members(tar, {{"p/two", "renamed", 6}}, folder.path());
  CHECK(testing::read_file(folder.path() / "renamed") == "second");
  CHECK_FALSE(std::filesystem::exists(folder.path() / "one"));
  CHECK_FALSE(std::filesystem::exists(folder.path().parent_path() / "evil"));
}

TEST_CASE("archive with a missing or too large member, or cut short, is refused") {
  const TemporaryFolder folder;
  const auto tar = folder.path() / "a.tgz";
  testing::make_archive(tar, {{"p/one", "first"}, {"p/two", std::string(100'000, 'x')}});
  CHECK_THROWS_WITH_AS(unpack_members(tar, {{"p/three", "three", 9}}, folder.path()),
                       doctest::Contains("p/three"), DataError);
  CHECK_THROWS_WITH_AS(unpack_members(tar, {{"p/two", "two", 99'999}}, folder.path()),
                       doctest::Contains("larger than"), DataError);
  const auto size = std::filesystem::file_size(tar);
  for (std::uintmax_t length = 0; length < size; length += 1 + size / 50) {
    std::filesystem::copy_file(tar, folder.path() / "cut",
                               std::filesystem::copy_options::overwrite_existing);
    std::filesystem::resize_file(folder.path() / "cut", length);
    CAPTURE(length);
    CHECK_THROWS_AS(
        unpack_members(folder.path() / "cut", {{"p/two", "two", 100'000}}, folder.path()),
        DataError);
  }
}

}  // namespace
}  // namespace syncline
