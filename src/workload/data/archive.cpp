#include "workload/data/archive.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <memory>
#include <set>

#include <archive.h>
#include <archive_entry.h>

#include "syncline/error.hpp"

namespace syncline {
namespace {

using Reader = std::unique_ptr<struct archive, decltype(&archive_read_free)>;

DataError damaged(const std::filesystem::path& path, struct archive* reader) {
  const char* detail = archive_error_string(reader);
  return DataError(path.string() +
                   ": cannot be unpacked: " + (detail != nullptr ? detail : "damaged archive"));
}

void unpack_one(const std::filesystem::path& path, struct archive* reader,
                const ArchiveMember& member, const std::filesystem::path& folder) {
  std::ofstream out(folder / member.target, std::ios::binary);
  std::array<char, 1 << 16> piece{};
  std::uint64_t total = 0;
  while (true) {
    const la_ssize_t got = archive_read_data(reader, piece.data(), piece.size());
    if (got < 0) throw damaged(path, reader);
    if (got == 0) break;
    total += static_cast<std::uint64_t>(got);
    if (total > member.most_bytes) {
      throw DataError(path.string() + ": " + member.name + " is larger than the " +
                      std::to_string(member.most_bytes) + " bytes it may have");
    }
    out.write(piece.data(), got);
  }
  out.close();
  if (!out) throw DataError((folder / member.target).string() + ": cannot be written");
}

}  // namespace

void unpack_members(const std::filesystem::path& archive, const std::vector<ArchiveMember>& members,
                    const std::filesystem::path& folder) {
  const Reader reader(archive_read_new(), &archive_read_free);
  archive_read_support_filter_gzip(reader.get());
  archive_read_support_format_tar(reader.get());
  if (archive_read_open_filename(reader.get(), archive.c_str(), 1 << 16) != ARCHIVE_OK) {
    throw damaged(archive, reader.get());
  }
  std::set<std::string> missing;
  for (const auto& member : members) missing.insert(member.name);

  while (!missing.empty()) {
    archive_entry* entry = nullptr;
    const int result = archive_read_next_header(reader.get(), &entry);
    if (result == ARCHIVE_EOF) break;
    if (result != ARCHIVE_OK && result != ARCHIVE_WARN) throw damaged(archive, reader.get());
    const char* name = archive_entry_pathname(entry);
    const auto member = std::find_if(
        members.begin(), members.end(),
        [&](const ArchiveMember& candidate) { return name != nullptr && candidate.name == name; });
    if (member == members.end() || archive_entry_filetype(entry) != AE_IFREG) continue;
    unpack_one(archive, reader.get(), *member, folder);
    missing.erase(member->name);
  }
  if (!missing.empty()) throw DataError(archive.string() + ": has no file " + *missing.begin());
}

}  // namespace syncline
