#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "syncline/registry.hpp"

namespace syncline {

/// One split of labelled samples in memory, row-major.
struct Samples {
  std::size_t count = 0;
  std::size_t channels = 0, height = 0, width = 0;  ///< tabular data: 1 x 1 x features
  std::vector<std::uint8_t>
      bytes;                  ///< count*channels*height*width pixels; empty if `values` is used
  std::vector<float> values;  ///< the same for data that is not bytes (.npy of floats)
  std::vector<std::int32_t> labels;  ///< count entries in 0..classes-1
};

/// Training and test split, with the normalisation that turns pixel bytes into network input:
/// x = (byte / 255 - mean[channel]) / deviation[channel]; values: x = (v - mean) / deviation.
struct Dataset {
  std::string name;
  std::size_t classes = 0;
  Samples train;
  Samples test;
  std::vector<float> mean;       ///< one per channel
  std::vector<float> deviation;  ///< one per channel, > 0

  /// Elements of one sample: channels * height * width.
  [[nodiscard]] std::size_t features() const { return train.channels * train.height * train.width; }
};

/// Where data sets are kept: `override` if not empty, else $XDG_CACHE_HOME/syncline, else
/// $HOME/.cache/syncline.
[[nodiscard]] std::filesystem::path data_folder(const std::string& override_folder);

/// Reads a data set; the string is the override of data_folder().
using DatasetFactory =
    std::function<std::shared_ptr<const Dataset>(const Arguments&, const std::string&)>;

/// All data sets by name.
[[nodiscard]] const Registry<DatasetFactory>& datasets();

/// Loads a data set by spec: `fashion-mnist`, `mnist`, `cifar10`, `cifar10-grey`, `idx(folder=DIR)`
/// (the four usual IDX files, gzipped or not), `cifar(folder=DIR)`,
/// `npy(train_x=.., train_y=.., test_x=.., test_y=..)`.
/// Throws ConfigError for an unknown spec, DataError for a file that is missing (with the command
/// that fetches it), truncated or corrupt (with path and byte offset).
[[nodiscard]] std::shared_ptr<const Dataset> load_dataset(std::string_view spec,
                                                          const std::string& data_folder_override);

/// Divides the sample numbers 0..labels.size()-1 among `workers`: one list each. An empty result:
/// everybody draws from everything.
using PartitionFactory = std::function<std::vector<std::vector<std::uint32_t>>(
    const Arguments&, std::span<const std::int32_t> labels, std::size_t classes,
    std::uint32_t workers, std::uint64_t seed)>;

/// All ways to divide the data among workers, by name.
[[nodiscard]] const Registry<PartitionFactory>& partitions();

/// Throws ConfigError, as a Sampler would, unless `partition` is a way to divide data: for checks
/// before there is any.
void check_partition(std::string_view partition);

/// Which samples a worker draws its mini-batches from. Immutable, thread-safe.
class Sampler {
 public:
  /// `partition`: `iid` (every worker draws from the whole set, with replacement across and without
  /// order: the paper's assumption), `shards` (equal random shards), or `dirichlet(alpha=0.3)` (by
  /// class, per worker proportions). Every worker gets at least one sample; ConfigError if that
  /// can't be.
  Sampler(std::string_view partition, std::span<const std::int32_t> labels, std::size_t classes,
          std::uint32_t workers, std::uint64_t seed);

  /// The `batch` sample numbers of one job: i.i.d. uniform draws from the worker's samples, keyed
  /// by (seed, worker, job) alone.
  void draw(std::uint32_t worker, std::uint64_t job, std::span<std::uint32_t> batch) const;

  /// How many distinct samples the worker draws from.
  [[nodiscard]] std::size_t available(std::uint32_t worker) const;

 private:
  std::uint64_t seed_;
  std::size_t total_;
  std::vector<std::vector<std::uint32_t>> shards_;  ///< empty: everybody draws from everything
};

}  // namespace syncline
