#pragma once

#include <filesystem>

namespace syncline {

/// Holds a file locked against other processes for as long as it lives; a process that is killed
/// lets go. Where the file system knows no locks it does nothing.
class FileLock {
 public:
  /// Makes the file. Throws DataError if it can't be made, or if somebody else holds it; `what` is
  /// then said to be in use.
  FileLock(const std::filesystem::path& file, const std::filesystem::path& what);
  ~FileLock();
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;

 private:
  int descriptor_;
};

}  // namespace syncline
