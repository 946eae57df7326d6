#include "base/open_to_read.hpp"

#include <iterator>

#include <doctest/doctest.h>

#include "support/temporary_folder.hpp"
#include "syncline/error.hpp"

namespace syncline {
namespace {

TEST_CASE("file to be read: opened, or refused with what, where and why") {
  const testing::TemporaryFolder folder;
  const auto path = folder.write("some", std::vector<std::uint8_t>{'a', 'b'});
  std::ifstream file = open_to_read(path, "the log");
  CHECK(std::string(std::istreambuf_iterator<char>(file), {}) == "ab");

  const auto refusal = [](const std::filesystem::path& wrong) {
    try {
      static_cast<void>(open_to_read(wrong, "the log"));
    } catch (const DataError& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  CHECK(refusal(folder.path()) ==
        "can't open the log '" + folder.path().string() + "': it is a folder");
  CHECK(refusal(folder.path() / "none") ==
        "can't open the log '" + (folder.path() / "none").string() + "': no such file");
  CHECK(refusal(path / "below").find("Not a directory") != std::string::npos);
}

}  // namespace
}  // namespace syncline
