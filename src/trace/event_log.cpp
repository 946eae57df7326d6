#include "trace/event_log.hpp"

#include <cerrno>
#include <cstring>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "syncline/error.hpp"
#include "syncline/version.hpp"

namespace syncline {
namespace {

/// How long a record may wait before others can read it.
constexpr std::chrono::milliseconds longest_wait{200};

}  // namespace

EventLog::EventLog(const std::filesystem::path& path, const nlohmann::ordered_json& config)
    : path_(path.string()), file_(std::fopen(path_.c_str(), "wb")) {
  if (!file_) fail("create");
  nlohmann::ordered_json head;
  head["event"] = "run";
  head["schema"] = schema;
  head["version"] = version;
  head["config"] = config;
  write(head);
}

EventLog::EventLog(const std::filesystem::path& path, std::uint64_t offset)
    : path_(path.string()), file_(std::fopen(path_.c_str(), "r+b")) {
  if (!file_) fail("open");
  if (fseeko(file_.get(), 0, SEEK_END) != 0) fail("continue");
  const auto length = static_cast<std::uint64_t>(ftello(file_.get()));
  if (length < offset) {
    throw DataError("can't continue the event log '" + path_ + "': it has " +
                    std::to_string(length) + " bytes, fewer than the " + std::to_string(offset) +
                    " that the checkpoint says, so it is not the log of that run");
  }
  if (ftruncate(fileno(file_.get()), static_cast<off_t>(offset)) != 0) fail("cut back");
  if (fseeko(file_.get(), 0, SEEK_END) != 0) fail("continue");
  if (static_cast<std::uint64_t>(ftello(file_.get())) != offset) fail("continue");
}

void EventLog::write_line(const std::string& line) {
  if (std::fwrite(line.data(), 1, line.size(), file_.get()) != line.size() ||
      std::fputc('\n', file_.get()) == EOF) {
    fail("write");
  }
  waiting_ = true;
}

void EventLog::write(const nlohmann::ordered_json& record) { write_line(record.dump()); }

void EventLog::write(const UpdateRecord& record) { write(to_json(record)); }

std::uint64_t EventLog::flush() {
  if (std::fflush(file_.get()) != 0) fail("write");
  waiting_ = false;
  return static_cast<std::uint64_t>(ftello(file_.get()));
}

void EventLog::let_follow() {
  if (!waiting_) return;
  const auto now = std::chrono::steady_clock::now();
  if (now - flushed_ < longest_wait) return;
  flushed_ = now;
  flush();
}

std::uint64_t EventLog::sync() {
  const std::uint64_t length = flush();
  // A pipe, say, has nothing to keep.
  if (fdatasync(fileno(file_.get())) != 0 && errno != EINVAL && errno != ENOTSUP) fail("write");
  return length;
}

void EventLog::fail(const char* what) const {
  throw DataError("can't " + std::string(what) + " the event log '" + path_ +
                  "': " + std::strerror(errno));
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
