#pragma once

#include <ostream>
#include <span>
#include <string>
#include <string_view>

namespace syncline {

/// A data set that `syncline data get` can bring.
struct DataSource {
  std::string name;
  std::string summary;  ///< one line: what it is
  std::string origin;   ///< where it comes from, and whose it is
};

/// All fetchable data sets, in the order in which they are listed to people.
[[nodiscard]] std::span<const DataSource> data_sources();

/// Brings the data set `name` into data_folder(override)/name and says on `messages` what it does,
/// a line each. Files that are there and whose checksums are right are not fetched again. All files
/// are checked before the first one is put in place; on failure nothing new is left behind.
/// Throws ConfigError for an unknown name and DataError where the set can't be had.
void fetch_dataset(std::string_view name, const std::string& data_folder_override,
                   std::ostream& messages);

}  // namespace syncline
