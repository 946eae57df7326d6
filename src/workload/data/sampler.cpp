#include <string>

#include "syncline/dataset.hpp"
#include "syncline/random.hpp"

namespace syncline {

Sampler::Sampler(std::string_view partition, std::span<const std::int32_t> labels,
                 std::size_t classes, std::uint32_t workers, std::uint64_t seed)
    : seed_(seed), total_(labels.size()) {
  const Spec spec = parse_spec(partition);
  const auto& entry = partitions().find(spec.name);
  const Arguments arguments(spec, entry.parameters);
  if (workers == 0) throw ConfigError("sampling needs at least one worker");
  if (total_ == 0) throw ConfigError("there is no sample to draw from");
  shards_ = entry.make(arguments, labels, classes, workers, seed);
  for (const auto& shard : shards_) {
    if (!shard.empty()) continue;
    throw ConfigError("partition '" + std::string(partition) + "': " + std::to_string(total_) +
                      " samples are too few for " + std::to_string(workers) +
                      " workers; each needs at least one");
  }
}

void check_partition(std::string_view partition) {
  const std::int32_t label = 0;
  static_cast<void>(Sampler(partition, {&label, 1}, 1, 1, 0));
}

void Sampler::draw(std::uint32_t worker, std::uint64_t job, std::span<std::uint32_t> batch) const {
  DrawStream stream(Stream::sampling, {seed_, worker, job});
  if (shards_.empty()) {
    for (auto& sample : batch) sample = static_cast<std::uint32_t>(stream.below(total_));
    return;
  }
  const auto& shard = shards_[worker];
  for (auto& sample : batch) sample = shard[stream.below(shard.size())];
}

std::size_t Sampler::available(std::uint32_t worker) const {
  return shards_.empty() ? total_ : shards_[worker].size();
}

}  // namespace syncline
