#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace syncline {

/// What a line on the stderr of `serve` says, if it is of interest here.
struct ServerNews {
  enum class Kind : std::uint8_t { listens, resumed, up, down };
  Kind kind = Kind::listens;
  std::string address;       ///< listens: where
  std::uint32_t worker = 0;  ///< up, down: its number
  std::uint64_t update = 0;  ///< resumed: where it goes on
};
[[nodiscard]] std::optional<ServerNews> server_news(const std::string& line);

/// What a line on the stderr of `work` says, if it is of interest here.
struct WorkerNews {
  enum class Kind : std::uint8_t { joined, alone, anew, over };
  Kind kind = Kind::joined;
  std::uint32_t worker = 0;  ///< joined: its number
};
[[nodiscard]] std::optional<WorkerNews> worker_news(const std::string& line);

}  // namespace syncline
