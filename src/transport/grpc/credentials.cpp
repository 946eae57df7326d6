#include "transport/grpc/credentials.hpp"

#include <arpa/inet.h>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <fstream>
#include <iterator>

#include "syncline/error.hpp"

namespace syncline {
namespace {

std::string pem(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  if (!stream) {
    throw DataError("can't read '" + file.string() + "': " + std::strerror(errno) +
                    " (`syncline certs` makes certificates)");
  }
  return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

bool is_this_machine(const std::string& host) {
  if (host == "localhost") return true;
  in_addr v4 = {};
  if (inet_pton(AF_INET, host.c_str(), &v4) == 1) return ntohl(v4.s_addr) >> 24U == 127;
  in6_addr v6 = {};
  return inet_pton(AF_INET6, host.c_str(), &v6) == 1 && IN6_IS_ADDR_LOOPBACK(&v6);
}

void check_plain_text(const std::string& address, const GrpcSettings& settings) {
  if (settings.insecure || is_this_machine(parse_address(address).host)) return;
  throw ConfigError("plain text to or from '" + address +
                    "' could be read and changed on the way: give --tls-folder (`syncline certs` "
                    "fills one), or --insecure on a network that you trust");
}

}  // namespace

HostAndPort parse_address(const std::string& address) {
  const auto colon = address.rfind(':');
  HostAndPort parts;
  bool is_good = colon != std::string::npos && colon > 0;
  if (is_good) {
    const char* end = address.data() + address.size();
    const auto [rest, error] = std::from_chars(address.data() + colon + 1, end, parts.port);
    is_good = error == std::errc() && rest == end;
  }
  if (!is_good) throw ConfigError("an address is host:port, not '" + address + "'");
  parts.host = address.substr(0, colon);
  if (parts.host.front() == '[' && parts.host.back() == ']') {
    parts.host = parts.host.substr(1, parts.host.size() - 2);
  } else if (parts.host.find(':') != std::string::npos) {
    throw ConfigError("an IPv6 address stands in brackets, [::1]:5000, not '" + address + "'");
  }
  return parts;
}

std::shared_ptr<grpc::ServerCredentials> server_credentials(const std::string& address,
                                                            const GrpcSettings& settings) {
  if (!settings.tls) {
    check_plain_text(address, settings);
    return grpc::InsecureServerCredentials();
  }
  grpc::SslServerCredentialsOptions options(
      GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
  options.pem_root_certs = pem(settings.tls->authority);
  options.pem_key_cert_pairs.push_back({pem(settings.tls->key), pem(settings.tls->certificate)});
  return grpc::SslServerCredentials(options);
}

std::shared_ptr<grpc::ChannelCredentials> worker_credentials(const std::string& address,
                                                             const GrpcSettings& settings) {
  static_cast<void>(parse_address(address));
  if (!settings.tls) {
    check_plain_text(address, settings);
    return grpc::InsecureChannelCredentials();
  }
  return grpc::SslCredentials(
      {pem(settings.tls->authority), pem(settings.tls->key), pem(settings.tls->certificate)});
}

}  // namespace syncline
