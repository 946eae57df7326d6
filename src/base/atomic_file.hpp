#pragma once

#include <filesystem>
#include <initializer_list>
#include <span>
#include <string_view>

namespace syncline {

/// Writes a file as a whole or not at all: temporary name beside it, fsync, rename, fsync of the
/// folder. The folder is made if missing; a symbolic link stays, and the file that it leads to is
/// replaced. A device, pipe or socket, and whatever stdout or stderr lead to, is written through
/// instead. Throws DataError that says what can't be written and why.
void write_file_atomically(const std::filesystem::path& path,
                           std::span<const std::string_view> pieces);
inline void write_file_atomically(const std::filesystem::path& path,
                                  std::initializer_list<std::string_view> pieces) {
  write_file_atomically(path, std::span(pieces.begin(), pieces.size()));
}

/// Makes the names in a folder last: after it, a power failure undoes no creation, renaming or
/// removal there. Throws DataError.
void sync_folder(const std::filesystem::path& folder);

}  // namespace syncline
