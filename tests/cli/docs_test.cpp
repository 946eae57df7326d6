#include <algorithm>
#include <sstream>

#include <doctest/doctest.h>

#include "cli/program.hpp"

namespace syncline {
namespace {

/// A line `$ syncline ...` of a block fenced as ```console, and the exit status that it must have:
/// 0, or what the fence says, ```console exit=2. Other lines of such a block are output.
struct DocumentedCommand {
  std::string text;
  int exit = 0;
  int line = 0;
};

std::vector<DocumentedCommand> commands_of(const std::filesystem::path& page) {
  std::vector<DocumentedCommand> commands;
  std::istringstream lines(read_text(page));
  bool in_console = false;
  int exit = 0;
  int number = 0;
  for (std::string line; std::getline(lines, line);) {
    ++number;
    if (line.rfind("```", 0) == 0) {
      in_console = !in_console && line.rfind("```console", 0) == 0;
      const auto status = line.find("exit=");
      exit = in_console && status != std::string::npos ? std::stoi(line.substr(status + 5)) : 0;
    } else if (in_console && line.rfind("$ syncline", 0) == 0) {
      DocumentedCommand command{line.substr(2), exit, number};
      while (command.text.back() == '\\' && std::getline(lines, line)) {
        ++number;
        command.text.back() = ' ';
        command.text += line.rfind("> ", 0) == 0 ? line.substr(2) : line;
      }
      commands.push_back(command);
    }
  }
  return commands;
}

std::vector<std::filesystem::path> pages() {
  std::vector<std::filesystem::path> found;
  const std::filesystem::path source = SYNCLINE_SOURCE;
  if (std::filesystem::exists(source / "README.md")) found.push_back(source / "README.md");
  for (const auto& entry : std::filesystem::directory_iterator(source / "docs")) {
    if (entry.path().extension() == ".md") found.push_back(entry.path());
  }
  std::sort(found.begin(), found.end());
  return found;
}

TEST_CASE("commands of the documentation, run in the order of their page, end as they should") {
  std::size_t count = 0;
  const auto program = std::filesystem::path(SYNCLINE_PROGRAM).parent_path().string();
  for (const auto& page : pages()) {
    const TemporaryFolder folder;
    for (const auto& command : commands_of(page)) {
      CAPTURE(page.filename().string());
      CAPTURE(command.line);
      CAPTURE(command.text);
      Start start;
      start.words = {"/bin/bash", "-c",
                     "set -o pipefail; PATH=" + program + ":$PATH; " + command.text};
      start.folder = folder.path();
      const Ended ended = run(start);
      CAPTURE(ended.err);
      CHECK(ended.exit == command.exit);
      ++count;
    }
  }
  // The pages do hold commands; a change of their style must not empty this test.
  CHECK(count >= 10);
}

}  // namespace
}  // namespace syncline
