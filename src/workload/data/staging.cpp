#include "workload/data/staging.hpp"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <system_error>
#include <unistd.h>

#include "syncline/error.hpp"

namespace syncline {
namespace {

DataError failure(const std::filesystem::path& path, const std::string& what) {
  return DataError(path.string() + ": " + what + ": " + std::strerror(errno));
}

void sync_to_disk(const std::filesystem::path& path, int flags) {
  const int file = open(path.c_str(), flags | O_CLOEXEC);
  if (file < 0) throw failure(path, "cannot be opened");
  const int result = fsync(file);
  const int error = errno;
  close(file);
  errno = error;
  if (result != 0) throw failure(path, "cannot be written to disk");
}

}  // namespace

Staging::Staging(std::filesystem::path target) : target_(std::move(target)) {
  std::error_code error;
  std::filesystem::create_directories(target_, error);
  if (error) throw DataError(target_.string() + ": cannot be made: " + error.message());
  std::string pattern = (target_ / ".partial-XXXXXX").string();
  if (mkdtemp(pattern.data()) == nullptr) throw failure(target_, "cannot be written to");
  folder_ = pattern;
}

Staging::~Staging() {
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

void Staging::commit(std::span<const std::string> files) const {
  for (const auto& file : files) sync_to_disk(folder_ / file, O_RDONLY);
  for (const auto& file : files) {
    std::error_code error;
    std::filesystem::rename(folder_ / file, target_ / file, error);
    if (error)
      throw DataError((target_ / file).string() + ": cannot be put in place: " + error.message());
  }
  sync_to_disk(target_, O_RDONLY | O_DIRECTORY);
}

void write_file(const std::filesystem::path& path, std::span<const std::uint8_t> bytes) {
  std::ofstream file(path, std::ios::binary);
  file.write(reinterpret_cast<const char*>(bytes.data()),
             static_cast<std::streamsize>(bytes.size()));
  file.close();
  if (!file) throw failure(path, "cannot be written");
}

}  // namespace syncline
