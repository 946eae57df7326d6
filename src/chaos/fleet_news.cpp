#include "chaos/fleet_news.hpp"

#include <charconv>
#include <string_view>

namespace syncline {
namespace {

/// The rest of the line behind the words, if it begins with them.
std::optional<std::string_view> behind(std::string_view line, std::string_view words) {
  if (line.substr(0, words.size()) != words) return std::nullopt;
  return line.substr(words.size());
}

template <class Number>
std::optional<Number> number(std::string_view text) {
  Number value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc()) return std::nullopt;
  return value;
}

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

}  // namespace

std::optional<ServerNews> server_news(const std::string& line) {
  ServerNews news;
  if (const auto address = behind(line, "syncline: listening at ")) {
    news.address = std::string(*address);
    return news;
  }
  if (const auto rest = behind(line, "syncline: resumed at update ")) {
    const auto update = number<std::uint64_t>(*rest);
    if (!update) return std::nullopt;
    news.kind = ServerNews::Kind::resumed;
    news.update = *update;
    return news;
  }
  // "syncline: worker 3 (127.0.0.1:41234) is down: its connection is gone"
  const auto worker = behind(line, "syncline: worker ");
  const auto who = worker ? number<std::uint32_t>(*worker) : std::nullopt;
  if (!who) return std::nullopt;
  news.worker = *who;
  if (contains(*worker, ") is up")) {
    news.kind = ServerNews::Kind::up;
    return news;
  }
  if (contains(*worker, ") is down")) {
    news.kind = ServerNews::Kind::down;
    return news;
  }
  return std::nullopt;
}

std::optional<WorkerNews> worker_news(const std::string& line) {
  WorkerNews news;
  if (const auto worker = behind(line, "syncline: taking part as worker ")) {
    const auto who = number<std::uint32_t>(*worker);
    if (!who) return std::nullopt;
    news.worker = *who;
    return news;
  }
  if (behind(line, "syncline: the server is gone")) {
    news.kind = WorkerNews::Kind::alone;
    return news;
  }
  // "syncline: the server has been silent for 5.02 s; connecting anew"
  if (behind(line, "syncline: the server has ") && contains(line, "; connecting anew")) {
    news.kind = WorkerNews::Kind::anew;
    return news;
  }
  if (behind(line, "syncline: the run is over")) {
    news.kind = WorkerNews::Kind::over;
    return news;
  }
  return std::nullopt;
}

}  // namespace syncline
