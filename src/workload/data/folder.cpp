#include <cstdlib>

#include "syncline/dataset.hpp"
#include "syncline/error.hpp"

namespace syncline {

std::filesystem::path data_folder(const std::string& override_folder) {
  if (!override_folder.empty()) return override_folder;
  // The XDG rules: a relative XDG_CACHE_HOME is invalid and must be ignored.
  const char* cache = std::getenv("XDG_CACHE_HOME");
  if (cache != nullptr && cache[0] == '/') return std::filesystem::path(cache) / "syncline";
  const char* home = std::getenv("HOME");
  if (home != nullptr && home[0] != '\0') {
    return std::filesystem::path(home) / ".cache" / "syncline";
  }
  throw ConfigError(
      "no folder for data: neither HOME nor XDG_CACHE_HOME is set; name one with --data-folder");
}

}  // namespace syncline
