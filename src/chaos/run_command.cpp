#include "chaos/run_command.hpp"

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sstream>
#include <thread>
#include <unistd.h>

#include "chaos/child_process.hpp"

namespace syncline {

std::optional<std::string> find_program(const std::string& name) {
  const char* path = std::getenv("PATH");
  std::istringstream folders(std::string(path == nullptr ? "" : path) +
                             ":/usr/sbin:/sbin:/usr/bin:/bin");
  for (std::string folder; std::getline(folders, folder, ':');) {
    const std::string file = folder + "/" + name;
    if (!folder.empty() && access(file.c_str(), X_OK) == 0) return file;
  }
  return std::nullopt;
}

std::string run_command(const std::vector<std::string>& words,
                        const std::filesystem::path& scratch) {
  const auto said = scratch / "command.err";
  std::error_code ignored;
  std::filesystem::remove(said, ignored);
  ChildProcess command({words, "/dev/null", said});
  while (!command.end()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  if (command.end()->status == 0) return "";
  std::ifstream file(said, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text.empty() ? "'" + words.front() + "' failed" : text;
}

}  // namespace syncline
