#pragma once

#include <string>

#include <CLI/CLI.hpp>

#include "transport/grpc/grpc_transport.hpp"

namespace syncline {

/// What `serve` and `work` have in common: how they know each other.
struct ClusterFlags {
  std::string tls_folder, token_file;
  bool insecure = false;
  std::size_t largest_message = 2048;  ///< MiB

  /// Adds the flags; the object must outlive the parsing of `app`.
  void add_to(CLI::App& app);
  /// `files`: server_files or worker_files. Throws ConfigError.
  [[nodiscard]] GrpcSettings settings(TlsFiles (*files)(const std::filesystem::path&)) const;
  /// The secret of the job; empty if none is given. Throws ConfigError and DataError.
  [[nodiscard]] std::string token() const;
};

/// The secret in a file; empty if no file is given. Throws ConfigError and DataError.
[[nodiscard]] std::string read_token(const std::string& file);

}  // namespace syncline
