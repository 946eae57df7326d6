#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

#include "support/temporary_folder.hpp"

namespace syncline::fuzz {

/// A folder of this process's own, removed when it ends. In $TMPDIR: a file system in memory makes
/// fuzzing several times as fast.
[[nodiscard]] const testing::TemporaryFolder& own_folder();

/// Calls read(path of a file that holds `input`). Where that throws Error, the message must name
/// the file.
void read_as_file(std::string_view input,
                  const std::function<void(const std::filesystem::path&)>& read);

/// What write(path) puts into a file.
[[nodiscard]] std::string written_by(void (*write)(const std::filesystem::path&));

}  // namespace syncline::fuzz
