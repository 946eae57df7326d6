#include "fleet/monkey/simulated_disk.hpp"

#include <algorithm>
#include <fcntl.h>
#include <fstream>
#include <stdexcept>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <utility>

#include "support/temporary_folder.hpp"

namespace syncline::testing {
namespace {

namespace fs = std::filesystem;

thread_local SimulatedDisk* present = nullptr;

struct stat status_of(int descriptor) {
  struct stat status {};
  if (fstat(descriptor, &status) != 0) throw std::runtime_error("a file can't be looked at");
  return status;
}

std::uint64_t number_of(const fs::path& path) {
  struct stat status {};
  return stat(path.c_str(), &status) == 0 ? status.st_ino : 0;
}

/// In an order that does not depend on the machine.
std::vector<fs::path> entries_of(const fs::path& folder) {
  std::vector<fs::path> all;
  for (const auto& entry : fs::directory_iterator(folder)) all.push_back(entry.path());
  std::sort(all.begin(), all.end());
  return all;
}

}  // namespace

SimulatedDisk::SimulatedDisk(fs::path folder, std::uint64_t seed)
    : folder_(std::move(folder)), random_(seed) {
  present = this;
}

SimulatedDisk::~SimulatedDisk() {
  present = nullptr;
  for (const auto& [number, synced] : synced_) close(synced.descriptor);
}

void SimulatedDisk::sync(int descriptor) {
  if (dead_) return;
  const struct stat status = status_of(descriptor);
  in_hand_ = status.st_ino;
  forget_removed();
  try {
    at_sync_();
  } catch (...) {
    // A file's owner closes it now; a folder is open for this call only, and has none.
    if (S_ISDIR(status.st_mode)) close(descriptor);
    throw;
  }
  note(descriptor);
}

void SimulatedDisk::note(int descriptor) {
  const struct stat status = status_of(descriptor);
  const auto [place, is_new] = synced_.try_emplace(status.st_ino);
  Synced& synced = place->second;
  if (is_new) synced.descriptor = fcntl(descriptor, F_DUPFD_CLOEXEC, 0);
  synced.length = static_cast<std::uint64_t>(status.st_size);
  synced.names.clear();
  if (!S_ISDIR(status.st_mode)) return;
  for (const fs::path& entry : entries_of("/proc/self/fd/" + std::to_string(descriptor) + "/.")) {
    synced.names.insert(entry.filename());
  }
}

void SimulatedDisk::forget_removed() {
  std::erase_if(synced_, [](const auto& each) {
    if (status_of(each.second.descriptor).st_nlink > 0) return false;
    close(each.second.descriptor);
    return true;
  });
}

void SimulatedDisk::die(Death death) {
  dead_ = true;
  left_.clear();
  look_at(folder_, death);
}

void SimulatedDisk::look_at(const fs::path& folder, Death death) {
  const auto known = synced_.find(number_of(folder));
  for (const fs::path& path : entries_of(folder)) {
    const bool lasts = folder == folder_ ||
                       (known != synced_.end() && known->second.names.contains(path.filename()));
    // Always drawn, so that one file's fate does not depend on what becomes of another.
    const bool is_lucky = uniform() < 0.5;
    if (death == Death::outage && !lasts && !is_lucky) continue;
    if (fs::is_directory(path)) {
      left_.push_back({path, true, {}});
      look_at(path, death);
    } else {
      left_.push_back({path, false, left_of(path, death)});
    }
  }
}

std::string SimulatedDisk::left_of(const fs::path& file, Death death) {
  const double share = uniform();
  const bool zeros = uniform() < 0.3;
  std::string bytes = read_file(file);
  const std::uint64_t number = number_of(file);
  if (death == Death::quiet || (death == Death::writing && number != in_hand_)) return bytes;
  const auto known = synced_.find(number);
  const std::size_t safe =
      known == synced_.end() ? 0 : std::min<std::size_t>(known->second.length, bytes.size());
  const std::size_t end =
      safe + static_cast<std::size_t>(share * static_cast<double>(bytes.size() - safe + 1));
  // A file system may know how long a file is before it has its contents.
  if (death == Death::outage && zeros) return bytes.replace(end, bytes.npos, bytes.size() - end, 0);
  bytes.resize(end);
  return bytes;
}

void SimulatedDisk::begin_again() {
  for (const fs::path& path : entries_of(folder_)) fs::remove_all(path);
  forget_removed();
  for (const Left& left : left_) {
    if (left.is_folder) {
      fs::create_directory(left.path);
    } else {
      std::ofstream(left.path, std::ios::binary) << left.bytes;
    }
  }
  // What has outlived a death is on the disk.
  for (const Left& left : left_) {
    const int descriptor = open(left.path.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) throw std::runtime_error("a file can't be opened");
    note(descriptor);
    close(descriptor);
  }
  dead_ = false;
}

namespace {

int synced(int descriptor, long call) {
  if (present == nullptr) return static_cast<int>(syscall(call, descriptor));
  present->sync(descriptor);
  return 0;
}

}  // namespace
}  // namespace syncline::testing

// In place of those of the C library, for the whole program.
extern "C" {
int fsync(int descriptor) { return syncline::testing::synced(descriptor, SYS_fsync); }
int fdatasync(int descriptor) { return syncline::testing::synced(descriptor, SYS_fdatasync); }
}
