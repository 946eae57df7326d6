#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace syncline {

/// Where a program of the system lies, by PATH and the folders of administrators; nullopt: nowhere.
[[nodiscard]] std::optional<std::string> find_program(const std::string& name);

/// Runs a program of the system to its end. Returns what it said on stderr, "" if all went well
/// (exit status 0). `scratch`: a folder for its output.
[[nodiscard]] std::string run_command(const std::vector<std::string>& words,
                                      const std::filesystem::path& scratch);

}  // namespace syncline
