#pragma once

#include <filesystem>

namespace syncline {

/// What one end shows the other, and by what it judges the other: PEM files.
struct TlsFiles {
  std::filesystem::path authority;  ///< certificate that must have signed the other end's
  std::filesystem::path certificate;
  std::filesystem::path key;
};

// Where they lie in a folder of make_certificates().
[[nodiscard]] inline TlsFiles server_files(const std::filesystem::path& folder) {
  return {folder / "ca.crt", folder / "server.crt", folder / "server.key"};
}
[[nodiscard]] inline TlsFiles worker_files(const std::filesystem::path& folder) {
  return {folder / "ca.crt", folder / "worker.crt", folder / "worker.key"};
}

}  // namespace syncline
