#include <atomic>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "syncline/error.hpp"
#include "syncline/report.hpp"

namespace syncline {
namespace {

/// A temporary file beside its target that is gone at the end unless it was moved into place.
class TemporaryFile {
 public:
  explicit TemporaryFile(std::filesystem::path target) : target_(std::move(target)) {
    // Our own unique name rather than mkstemp's: that one makes files which only the owner can
    // read, whatever the umask.
    static std::atomic<unsigned> count{0};
    do {
      name_ = target_.string() + "." + std::to_string(getpid()) + "." + std::to_string(count++) +
              ".tmp";
      file_ = open(name_.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0666);
    } while (file_ < 0 && errno == EEXIST);
    if (file_ < 0) fail();
  }
  ~TemporaryFile() {
    if (file_ >= 0) close(file_);
    if (!name_.empty()) unlink(name_.c_str());
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;

  void write_all(const std::string& text) {
    for (std::size_t done = 0; done < text.size();) {
      const ssize_t count = write(file_, text.data() + done, text.size() - done);
      if (count < 0 && errno != EINTR) fail();
      if (count > 0) done += static_cast<std::size_t>(count);
    }
  }

  /// On disk before it is renamed: a crash must not leave an empty page under the final name.
  void move_into_place() {
    if (fsync(file_) != 0) fail();
    const int file = file_;
    file_ = -1;
    if (close(file) != 0) fail();
    if (rename(name_.c_str(), target_.c_str()) != 0) fail();
    name_.clear();
  }

 private:
  [[noreturn]] void fail() const {
    const std::string reason = std::strerror(errno);
    throw DataError("cannot write the report '" + target_.string() + "': " + reason +
                    "; choose a folder that exists, is writable and has space");
  }

  std::filesystem::path target_;
  std::string name_;
  int file_ = -1;
};

}  // namespace

void write_report(const std::filesystem::path& file, const nlohmann::ordered_json& document) {
  const std::string page = render_report(document);
  TemporaryFile temporary(file);
  temporary.write_all(page);
  temporary.move_into_place();
}

}  // namespace syncline
