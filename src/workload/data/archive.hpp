#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace syncline {

/// One file wanted out of an archive.
struct ArchiveMember {
  std::string name;    ///< its path inside the archive
  std::string target;  ///< its name in the target folder: no folders of the archive's making
  std::uint64_t most_bytes = 0;  ///< a larger member is refused: archives can be bombs
};

/// Unpacks exactly the wanted members of a (compressed) tar file into `folder`; everything else in
/// it is skipped. Throws DataError if one is missing, too large, no regular file, or damaged.
void unpack_members(const std::filesystem::path& archive, const std::vector<ArchiveMember>& members,
                    const std::filesystem::path& folder);

}  // namespace syncline
