#include "cli/cluster_flags.hpp"

#include <fstream>
#include <iostream>
#include <iterator>

#include "syncline/error.hpp"
#include "transport/certificates.hpp"

namespace syncline {

void ClusterFlags::add_to(CLI::App& app) {
  app.add_option("--tls-folder", tls_folder,
                 "folder of `syncline certs`: mutual TLS; without it only this machine is served")
      ->type_name("DIR");
  app.add_flag("--insecure", insecure, "plain text, also beyond this machine");
  app.add_option("--token-file", token_file, "file with the secret of the job, the same at all")
      ->type_name("FILE");
  app.add_option("--largest-message", largest_message,
                 "MiB of the largest message that is sent or taken; a peer that sends a larger one "
                 "is cut off before it is in memory (default 2048)")
      ->type_name("MIB");
}

GrpcSettings ClusterFlags::settings(TlsFiles (*files)(const std::filesystem::path&)) const {
  if (insecure && !tls_folder.empty()) {
    throw ConfigError("--tls-folder and --insecure exclude each other");
  }
  if (largest_message == 0 || largest_message > std::size_t{1} << 20U) {
    throw ConfigError("--largest-message must be from 1 to 1048576 MiB, and larger than the model");
  }
  GrpcSettings settings;
  settings.largest_message = largest_message << 20U;
  // One on its way, and one that waits.
  settings.largest_outbox = 2 * settings.largest_message;
  settings.insecure = insecure;
  if (!tls_folder.empty()) {
    settings.tls = files(tls_folder);
    check_tls_files(*settings.tls);
    // By the other end's clock it may be good.
    if (const std::string why = out_of_date(*settings.tls); !why.empty()) {
      std::cerr << "syncline: warning: " << why << '\n';
    }
  }
  return settings;
}

std::string ClusterFlags::token() const { return read_token(token_file); }

std::string read_token(const std::string& name) {
  if (name.empty()) return "";
  std::ifstream file(name, std::ios::binary);
  if (!file) throw DataError("can't read the token file '" + name + "'");
  std::string token{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  while (!token.empty() && (token.back() == '\n' || token.back() == '\r')) token.pop_back();
  if (token.empty()) throw ConfigError("the token file '" + name + "' is empty");
  return token;
}

}  // namespace syncline
