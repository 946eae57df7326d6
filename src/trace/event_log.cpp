#include "trace/event_log.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "base/atomic_file.hpp"
#include "syncline/error.hpp"
#include "syncline/version.hpp"

namespace syncline {
namespace {

/// How long a record may wait before others can read it.
constexpr std::chrono::milliseconds longest_wait{200};
/// How long before a write that has failed is tried again.
constexpr std::chrono::seconds between_attempts{5};
/// Bytes that are written at once, whoever follows.
constexpr std::size_t enough_to_write = std::size_t{64} << 10;

/// Two runs that write one log would spoil it for both. Where the file system knows no locks, they
/// are believed.
void lock(int file, const std::string& name) {
  if (::flock(file, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK) return;
  ::close(file);
  throw DataError(name +
                  " is being written by another run: wait for its end, or name another file");
}

}  // namespace

EventLog::EventLog(const std::filesystem::path& path, const nlohmann::ordered_json& config)
    : path_(path.string()),
      file_(::open(path_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666)) {
  if (file_ < 0) fail("create");
  lock(file_, name());
  if (::ftruncate(file_, 0) != 0 && errno != EINVAL) {  // a pipe, say, has nothing to lose
    const int why = errno;
    ::close(file_);
    errno = why;
    fail("begin");
  }
  nlohmann::ordered_json head;
  head["event"] = "run";
  head["schema"] = schema;
  head["version"] = version;
  head["config"] = config;
  write(head);
  hand_over();
  if (!trouble_.empty()) {
    // Nobody has anything to lose yet.
    ::close(file_);
    throw DataError("can't write " + name() + ": " + trouble_);
  }
  try {
    // A checkpoint will say how long the log is; by then its name must outlive a power failure.
    if (std::filesystem::is_regular_file(path)) {
      sync_folder(path.has_parent_path() ? path.parent_path() : ".");
    }
  } catch (...) {
    ::close(file_);
    throw;
  }
}

EventLog::EventLog(const std::filesystem::path& path, std::uint64_t offset, std::string unwritten)
    : path_(path.string()),
      file_(::open(path_.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC)),
      length_(offset),
      unwritten_(std::move(unwritten)) {
  if (file_ < 0) fail("open");
  lock(file_, name());
  const auto end = ::lseek(file_, 0, SEEK_END);
  const bool too_short = end >= 0 && static_cast<std::uint64_t>(end) < offset;
  if (!too_short && end >= 0 && ::ftruncate(file_, static_cast<off_t>(offset)) == 0) return;
  const int why = errno;
  ::close(file_);
  if (too_short) {
    throw DataError("can't continue " + name() + ": it has " + std::to_string(end) +
                    " bytes, fewer than the " + std::to_string(offset) +
                    " that the checkpoint says, so it is not the log of that run");
  }
  errno = why;
  fail("cut back");
}

EventLog::~EventLog() {
  if (file_ < 0) return;
  hand_over();
  ::close(file_);
}

void EventLog::write_line(const std::string& line) {
  if (!cut_.empty()) return;
  unwritten_ += line;
  unwritten_ += '\n';
  if (unwritten_.size() >= enough_to_write) let_follow();
  if (unwritten_.size() > most_unwritten && !trouble_.empty()) {
    end(trouble_ + ", and more than " + std::to_string(most_unwritten >> 20) +
        " MiB waited to be written");
  }
}

void EventLog::write(const nlohmann::ordered_json& record) { write_line(record.dump()); }

void EventLog::write(const UpdateRecord& record) { write(to_json(record)); }

void EventLog::hand_over() {
  flushed_ = Clock::now();
  std::size_t written = 0;
  while (written < unwritten_.size()) {
    const auto some = ::write(file_, unwritten_.data() + written, unwritten_.size() - written);
    if (some < 0 && errno == EINTR) continue;
    if (some < 0) break;
    written += static_cast<std::size_t>(some);
  }
  const bool whole = written == unwritten_.size();
  const std::string why = whole ? "" : std::strerror(errno);
  if (!whole) written = cut_back(written);
  length_ += written;
  unwritten_.erase(0, written);
  if (cut_.empty() && !whole && trouble_.empty()) {
    news_.push_back("can't write " + name() + ": " + why + "; the run goes on, and what is to be " +
                    "logged waits until there is room (up to " +
                    std::to_string(most_unwritten >> 20) + " MiB): make some");
  } else if (cut_.empty() && whole && !trouble_.empty()) {
    news_.push_back(name() + " is written again, and nothing is missing");
  }
  trouble_ = why;
}

std::size_t EventLog::cut_back(std::size_t written) {
  // Half a record would spoil the log for whoever reads it now, and for good if no room comes.
  const std::size_t whole = written == 0 ? 0 : unwritten_.rfind('\n', written - 1) + 1;
  if (whole == written) return written;
  if (::ftruncate(file_, static_cast<off_t>(length_ + whole)) == 0) return whole;
  end(std::string("half a record can't be taken back: ") + std::strerror(errno));
  return written;
}

void EventLog::let_follow() {
  if (unwritten_.empty()) return;
  const auto since = Clock::now() - flushed_;
  if (trouble_.empty() ? since >= longest_wait || unwritten_.size() >= enough_to_write
                       : since >= between_attempts) {
    hand_over();
  }
}

std::uint64_t EventLog::sync() {
  hand_over();
  // A pipe, say, has nothing to keep. Of what else fails, nobody knows how much is there.
  if (cut_.empty() && ::fdatasync(file_) != 0 && errno != EINVAL && errno != ENOTSUP) {
    end(std::string("it can't be brought to the disk: ") + std::strerror(errno));
  }
  return length_;
}

void EventLog::end(const std::string& why) {
  if (!cut_.empty()) return;
  cut_ = why;
  const nlohmann::ordered_json last = {{"event", "cut"}, {"text", why}};
  unwritten_ += last.dump() + '\n';
  news_.push_back(name() + " ends here: " + why +
                  "; the run goes on without it, and will end with an error");
}

void EventLog::close() {
  hand_over();
  if (::close(std::exchange(file_, -1)) != 0 && trouble_.empty()) trouble_ = std::strerror(errno);
  if (!cut_.empty()) {
    throw DataError(name() + " is not whole: it ends before its run, since it could not be " +
                    "written: " + cut_);
  }
  if (!trouble_.empty()) {
    throw DataError(
        "can't write " + name() + ": " + trouble_ + "; " +
        (unwritten_.empty() ? "its end" : std::to_string(unwritten_.size()) + " bytes") +
        " may be missing, so it ends before its run");
  }
}

void EventLog::fail(const char* what) const {
  throw DataError("can't " + std::string(what) + " " + name() + ": " + std::strerror(errno));
}

nlohmann::ordered_json to_json(const UpdateRecord& record) {
  const auto by_worker = [](const std::vector<std::pair<WorkerId, double>>& times) {
    nlohmann::ordered_json object = nlohmann::ordered_json::object();
    for (const auto& [worker, time] : times) {
      // One that was cancelled and died, say, has several.
      const std::string name = std::to_string(worker);
      object[name] = object.value(name, 0.0) + time;
    }
    return object;
  };
  nlohmann::ordered_json gradients = nlohmann::ordered_json::array();
  for (const GradientRecord& gradient : record.gradients) {
    gradients.push_back({{"worker", gradient.worker},
                         {"read", gradient.read},
                         {"start", gradient.start},
                         {"push", gradient.push},
                         {"staleness", gradient.staleness}});
  }
  return {{"event", "update"},
          {"update", record.update},
          {"time", record.time},
          {"grads", std::move(gradients)},
          {"idle", by_worker(record.idle)},
          {"cancelled", by_worker(record.cancelled)}};
}

}  // namespace syncline
