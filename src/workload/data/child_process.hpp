#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace syncline {

/// What became of a program that was run to its end.
struct ChildResult {
  bool found = true;   ///< false: there is no such program
  int exit_code = 0;   ///< 128 + signal where a signal ended it
  std::string output;  ///< the last 4 KiB of its standard output and error together
};

/// Runs arguments[0] (looked up in PATH, no shell) in `folder` with no input and waits for it. It
/// is killed if the calling thread ends before it does, by a signal say. Throws DataError if it
/// can't be started for another reason than being absent.
[[nodiscard]] ChildResult run_child(const std::vector<std::string>& arguments,
                                    const std::filesystem::path& folder);

}  // namespace syncline
