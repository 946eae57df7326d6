#include "base/atomic_file.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <string>
#include <sys/stat.h>
#include <unistd.h>

#include "syncline/error.hpp"

namespace syncline {
namespace {

[[noreturn]] void fail(const std::filesystem::path& shown) {
  throw DataError("can't write '" + shown.string() + "': " + std::strerror(errno));
}

/// A file open for writing. `shown` is the name that messages tell.
class Output {
 public:
  Output(int descriptor, const std::filesystem::path& shown)
      : shown_(shown), descriptor_(descriptor) {
    if (descriptor_ < 0) fail(shown_);
  }
  ~Output() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;

  void write(std::span<const std::string_view> pieces) {
    for (std::string_view piece : pieces) {
      while (!piece.empty()) {
        const ssize_t written = ::write(descriptor_, piece.data(), piece.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) fail(shown_);
        piece.remove_prefix(static_cast<std::size_t>(written));
      }
    }
  }
  void sync() {
    if (fsync(descriptor_) != 0) fail(shown_);
  }
  void close() {
    const int closed = ::close(descriptor_);
    descriptor_ = -1;
    if (closed != 0) fail(shown_);
  }

 private:
  const std::filesystem::path& shown_;
  int descriptor_;
};

/// A name beside the target that is removed at the end unless it was moved into place.
class Draft {
 public:
  explicit Draft(const std::filesystem::path& target)
      : name_(target.string() + ".part" + std::to_string(getpid())) {}
  ~Draft() {
    if (!name_.empty()) unlink(name_.c_str());
  }
  Draft(const Draft&) = delete;
  Draft& operator=(const Draft&) = delete;

  [[nodiscard]] int create() const {
    return open(name_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  }
  [[nodiscard]] bool move_to(const std::filesystem::path& target) {
    if (std::rename(name_.c_str(), target.c_str()) != 0) return false;
    name_.clear();
    return true;
  }

 private:
  std::string name_;
};

/// The stream, stdout or stderr, that leads to the same file; -1 if neither does.
int standard_stream(const struct stat& target) {
  for (const int stream : {STDOUT_FILENO, STDERR_FILENO}) {
    struct stat status {};
    if (fstat(stream, &status) == 0 && status.st_dev == target.st_dev &&
        status.st_ino == target.st_ino) {
      return stream;
    }
  }
  return -1;
}

/// Where a chain of symbolic links ends, whether or not anything is there yet.
std::filesystem::path end_of_links(std::filesystem::path path) {
  constexpr int longest_chain = 40;  // Linux follows as many
  std::error_code ignored;           // what can't be looked at can't be written either
  for (int i = 0; i < longest_chain && std::filesystem::is_symlink(path, ignored); ++i) {
    path = path.parent_path() / std::filesystem::read_symlink(path, ignored);
  }
  return path;
}

void replace(const std::filesystem::path& path, std::span<const std::string_view> pieces) {
  std::error_code ignored;  // a folder that can't be made shows in create()
  const std::filesystem::path target = end_of_links(path);
  if (target.has_parent_path()) std::filesystem::create_directories(target.parent_path(), ignored);
  Draft draft(target);
  Output file(draft.create(), path);
  file.write(pieces);
  file.sync();
  file.close();
  if (!draft.move_to(target)) fail(path);
  sync_folder(target.has_parent_path() ? target.parent_path() : ".");
}

}  // namespace

void sync_folder(const std::filesystem::path& folder) {
  const int descriptor = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) fail(folder);
  // Some file systems have no such thing, and say so.
  const bool failed = fsync(descriptor) != 0 && errno != EINVAL && errno != ENOTSUP;
  const int why = errno;
  ::close(descriptor);
  errno = why;
  if (failed) fail(folder);
}

void write_file_atomically(const std::filesystem::path& path,
                           std::span<const std::string_view> pieces) {
  struct stat target {};
  const bool exists = stat(path.c_str(), &target) == 0;
  const int stream = exists ? standard_stream(target) : -1;
  // A rename would take a device or a pipe away from everybody. It would also leave the rest of
  // stdout in a file without a name; the copy of the descriptor shares its position instead.
  if (stream < 0 && (!exists || S_ISREG(target.st_mode) || S_ISDIR(target.st_mode))) {
    return replace(path, pieces);
  }
  Output file(stream < 0 ? open(path.c_str(), O_WRONLY | O_CLOEXEC) : dup(stream), path);
  file.write(pieces);
  file.close();
}

}  // namespace syncline
