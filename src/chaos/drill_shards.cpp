#include "chaos/drill_shards.hpp"

#include <algorithm>
#include <csignal>

#include "chaos/fleet_news.hpp"

namespace syncline {

DrillShards::DrillShards(std::string program, std::filesystem::path folder, std::uint32_t count,
                         const DrillSecrets& secrets)
    : program_(std::move(program)), folder_(std::move(folder)), secrets_(secrets) {
  for (std::uint32_t shard = 0; shard < count; ++shard) {
    shards_.push_back({nullptr, LineTail(file(shard)), "127.0.0.1:0", false});
  }
}

std::filesystem::path DrillShards::file(std::size_t shard) const {
  return folder_ / ("shard-" + std::to_string(shard) + ".err");
}

void DrillShards::start(std::uint32_t shard) {
  Shard& the = shards_.at(shard);
  std::vector<std::string> words = {program_, "shard", "--listen", the.address};
  const auto secrets = secrets_.words();
  words.insert(words.end(), secrets.begin(), secrets.end());
  the.listens = false;
  the.process = std::make_unique<ChildProcess>(ChildStart{words, "/dev/null", file(shard)});
}

void DrillShards::kill(std::uint32_t shard) {
  Shard& the = shards_.at(shard);
  poll();
  the.process.reset();
  the.listens = false;
}

void DrillShards::signal(std::uint32_t shard, int number) {
  if (const auto& process = shards_.at(shard).process) process->signal(number);
}

void DrillShards::poll() {
  for (Shard& shard : shards_) {
    for (const std::string& line : shard.said.lines()) {
      const auto news = server_news(line);
      if (!news || news->kind != ServerNews::Kind::listens) continue;
      shard.address = news->address;
      shard.listens = true;
    }
  }
}

bool DrillShards::all_listen() const {
  return std::all_of(shards_.begin(), shards_.end(),
                     [](const Shard& shard) { return shard.listens; });
}

std::vector<std::string> DrillShards::server_words() const {
  if (shards_.empty()) return {};
  std::string addresses;
  for (const Shard& shard : shards_) {
    addresses += (addresses.empty() ? "" : ",") + shard.address;
  }
  return {"--shards-at", addresses};
}

}  // namespace syncline
