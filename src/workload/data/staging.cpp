#include "workload/data/staging.hpp"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <string_view>
#include <sys/file.h>
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

constexpr std::string_view prefix = ".partial-";

/// The folder, locked; -1 if another holds it, or it is none.
int lock(const std::filesystem::path& folder, int operation) {
  const int file = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (file < 0 || flock(file, operation) == 0) return file;
  close(file);
  return -1;
}

void remove_what_is_left(const std::filesystem::path& target) {
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(target, ignored)) {
    if (!entry.path().filename().string().starts_with(prefix)) continue;
    const int held = lock(entry.path(), LOCK_EX | LOCK_NB);
    if (held < 0) continue;
    std::filesystem::remove_all(entry.path(), ignored);
    close(held);
  }
}

}  // namespace

Staging::Staging(std::filesystem::path target) : target_(std::move(target)) {
  std::error_code error;
  std::filesystem::create_directories(target_, error);
  if (error) throw DataError(target_.string() + ": cannot be made: " + error.message());
  remove_what_is_left(target_);
  // Before it is locked, another process may take the new folder for one that was left.
  do {
    if (lock_ >= 0) close(lock_);
    std::string pattern = (target_ / (std::string(prefix) + "XXXXXX")).string();
    if (mkdtemp(pattern.data()) == nullptr) throw failure(target_, "cannot be written to");
    folder_ = pattern;
    lock_ = lock(folder_, LOCK_EX);
  } while (!std::filesystem::exists(folder_, error));
}

Staging::~Staging() {
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
  if (lock_ >= 0) close(lock_);
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
