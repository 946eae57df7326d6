#include "base/open_to_read.hpp"

#include <cerrno>
#include <cstring>

#include "syncline/error.hpp"

namespace syncline {

std::ifstream open_to_read(const std::filesystem::path& path, const std::string& what) {
  const auto refusal = [&](const std::string& why) {
    return DataError("can't open " + what + " '" + path.string() + "': " + why);
  };
  std::error_code unknown;
  // Opening a folder succeeds; only reading it fails.
  if (std::filesystem::is_directory(path, unknown)) throw refusal("it is a folder");
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  if (file) return file;
  if (errno == ENOENT) throw refusal("no such file");
  if (errno == EACCES) throw refusal("no right to read it");
  throw refusal(std::strerror(errno));
}

}  // namespace syncline
