#pragma once

#include <filesystem>
#include <initializer_list>
#include <string_view>

namespace syncline {

/// Writes a file as a whole or not at all: temporary name beside it, fsync, rename. The folder is
/// made if missing; a symbolic link stays, and the file that it leads to is replaced. A device,
/// pipe or socket, and whatever stdout or stderr lead to, is written through instead. Throws
/// DataError that says what can't be written and why.
void write_file_atomically(const std::filesystem::path& path,
                           std::initializer_list<std::string_view> pieces);

}  // namespace syncline
