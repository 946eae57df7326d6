#include "base/file_lock.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <string>
#include <sys/file.h>
#include <unistd.h>

#include "syncline/error.hpp"

namespace syncline {

FileLock::FileLock(const std::filesystem::path& file, const std::filesystem::path& what)
    : descriptor_(open(file.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0666)) {
  if (descriptor_ < 0) {
    throw DataError("can't write '" + file.string() + "': " + std::strerror(errno));
  }
  if (flock(descriptor_, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK) return;
  close(descriptor_);
  throw DataError("'" + what.string() +
                  "' is in use by another run: wait for its end, or name "
                  "another folder");
}

FileLock::~FileLock() { close(descriptor_); }

}  // namespace syncline
