#pragma once

#include <filesystem>
#include <string>

namespace syncline {

/// Lower-case hexadecimal digest of a file; `algorithm` is OpenSSL's name: "MD5", "SHA1", "SHA256".
/// Throws DataError if the file can't be read.
[[nodiscard]] std::string file_digest(const std::filesystem::path& path, const char* algorithm);

/// Whether the file exists and has this digest.
[[nodiscard]] bool has_digest(const std::filesystem::path& path, const char* algorithm,
                              const std::string& expected);

}  // namespace syncline
