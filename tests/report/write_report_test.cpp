#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdlib.h>
#include <string>
#include <sys/stat.h>

#include <doctest/doctest.h>

#include "report/sample_document.hpp"
#include "syncline/error.hpp"
#include "syncline/report.hpp"

namespace syncline {
namespace {

namespace fs = std::filesystem;

/// A folder of its own for one test, gone at the end.
class Folder {
 public:
  Folder() {
    std::string name = (fs::temp_directory_path() / "syncline-report-XXXXXX").string();
    REQUIRE(mkdtemp(name.data()) != nullptr);
    path = name;
  }
  ~Folder() { fs::remove_all(path); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  [[nodiscard]] long files() const {
    return std::distance(fs::directory_iterator(path), fs::directory_iterator());
  }

  fs::path path;
};

std::string content(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

TEST_CASE("write_report: a page replaces an older one and leaves no other file") {
  const Folder folder;
  const auto file = folder.path / "report.html";
  std::ofstream(file) << "old";
  const auto document = test::sample_document(5);
  write_report(file, document);
  CHECK(content(file) == render_report(document));
  CHECK(folder.files() == 1);
}

TEST_CASE("write_report: the page is as readable as the umask lets new files be") {
  const Folder folder;
  const mode_t old = umask(027);
  write_report(folder.path / "report.html", test::sample_document(2));
  umask(old);
  CHECK(fs::status(folder.path / "report.html").permissions() == fs::perms{0640});
}

TEST_CASE("write_report: a folder that does not exist is made") {
  const Folder folder;
  const auto file = folder.path / "new" / "report.html";
  write_report(file, test::sample_document(2));
  CHECK(fs::exists(file));
}

TEST_CASE("write_report: a folder that can't be made is named, with the reason") {
  const Folder folder;
  std::ofstream(folder.path / "file") << "in the way";
  const auto file = folder.path / "file" / "report.html";
  try {
    write_report(file, test::sample_document(2));
    FAIL("no error");
  } catch (const DataError& error) {
    const std::string message = error.what();
    CHECK(message.find(file.string()) != std::string::npos);
    CHECK(message.find("Not a directory") != std::string::npos);
  }
}

TEST_CASE("write_report: where the target is a folder nothing is left behind") {
  const Folder folder;
  fs::create_directory(folder.path / "report.html");
  CHECK_THROWS_AS(write_report(folder.path / "report.html", test::sample_document(2)), DataError);
  CHECK(folder.files() == 1);
}

TEST_CASE("write_report: a refused document leaves the older page as it was") {
  const Folder folder;
  const auto file = folder.path / "report.html";
  std::ofstream(file) << "old";
  auto document = test::sample_document(2);
  document.erase("seeds");
  CHECK_THROWS_AS(write_report(file, document), DataError);
  CHECK(content(file) == "old");
  CHECK(folder.files() == 1);
}

}  // namespace
}  // namespace syncline
