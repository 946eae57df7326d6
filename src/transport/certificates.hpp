#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "transport/tls_files.hpp"

namespace syncline {

/// Writes certificates for a server and its workers into `folder`, which is made if missing, and an
/// authority that signs both, unless one is there already: ca, server and worker, each .crt and
/// .key; keys with mode 0600. `hosts`: names and addresses by which workers call the server, beside
/// this machine's own. Server and worker have certificates of different use, so that a worker can't
/// pose as the server. They are valid for `days` from now; negative: they expired so long ago, for
/// tests. Throws ConfigError on a host that is none, and DataError on files.
void make_certificates(const std::filesystem::path& folder, const std::vector<std::string>& hosts,
                       int days);

/// Throws DataError if a file is missing or holds something else, or the key is that of another.
void check_tls_files(const TlsFiles& files);

/// What is wrong with the certificate's dates, by this machine's clock; empty: nothing.
[[nodiscard]] std::string out_of_date(const TlsFiles& files);

}  // namespace syncline
