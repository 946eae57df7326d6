#include "transport/certificates.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <cctype>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <memory>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "syncline/error.hpp"
#include "transport/openssl_handles.hpp"

namespace syncline {
namespace {

constexpr int authority_days = 3650;
constexpr long seconds_per_day = 86400;
/// Clocks of machines differ: certificates are valid from an hour ago.
constexpr long skew = 3600;

/// Of what OpenSSL returns: pointers and 1 are good.
template <class Result>
Result good(Result result) {
  if (result) return result;
  char text[256];
  ERR_error_string_n(ERR_get_error(), text, sizeof text);
  throw DataError(std::string("making certificates failed: ") + text);
}

struct Identity {
  Key key;
  Certificate certificate;
};

void extend(X509* certificate, X509* issuer, int kind, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  const std::unique_ptr<X509_EXTENSION, Release<X509_EXTENSION_free>> extension(
      good(X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str())));
  good(X509_add_ext(certificate, extension.get(), -1));
}

/// A key and an unsigned certificate for it. `days` as in make_certificates().
Identity unsigned_identity(const std::string& name, int days) {
  Identity identity;
  identity.key.reset(good(EVP_EC_gen("P-256")));
  identity.certificate.reset(good(X509_new()));
  X509* certificate = identity.certificate.get();
  good(X509_set_version(certificate, 2));  // counted from 0: version 3
  const std::unique_ptr<BIGNUM, Release<BN_free>> serial(good(BN_new()));
  good(BN_rand(serial.get(), 127, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY));
  good(BN_to_ASN1_INTEGER(serial.get(), X509_get_serialNumber(certificate)));
  const long end = days * seconds_per_day;
  good(X509_gmtime_adj(X509_getm_notBefore(certificate), std::min(0L, end) - skew));
  good(X509_gmtime_adj(X509_getm_notAfter(certificate), end));
  good(X509_set_pubkey(certificate, identity.key.get()));
  good(X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_UTF8,
                                  reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0));
  return identity;
}

void sign(X509* certificate, X509* issuer, EVP_PKEY* key) {
  good(X509_set_issuer_name(certificate, X509_get_subject_name(issuer)));
  extend(certificate, issuer, NID_authority_key_identifier, "keyid");
  good(X509_sign(certificate, key, EVP_sha256()));
}

Identity new_authority() {
  Identity authority = unsigned_identity("Syncline authority", authority_days);
  X509* certificate = authority.certificate.get();
  extend(certificate, certificate, NID_basic_constraints, "critical,CA:TRUE,pathlen:0");
  extend(certificate, certificate, NID_key_usage, "critical,keyCertSign");
  extend(certificate, certificate, NID_subject_key_identifier, "hash");
  sign(certificate, certificate, authority.key.get());
  return authority;
}

Identity signed_identity(const std::string& name, const std::string& use, const std::string& hosts,
                         int days, const Identity& authority) {
  Identity identity = unsigned_identity(name, days);
  X509* certificate = identity.certificate.get();
  X509* issuer = authority.certificate.get();
  extend(certificate, issuer, NID_basic_constraints, "critical,CA:FALSE");
  extend(certificate, issuer, NID_key_usage, "critical,digitalSignature");
  extend(certificate, issuer, NID_ext_key_usage, use);
  if (!hosts.empty()) extend(certificate, issuer, NID_subject_alt_name, hosts);
  sign(certificate, issuer, authority.key.get());
  return identity;
}

/// As OpenSSL wants them: "DNS:localhost,IP:127.0.0.1"
std::string alternative_names(std::vector<std::string> hosts) {
  for (const char* own : {"localhost", "127.0.0.1", "::1"}) hosts.emplace_back(own);
  std::string names;
  for (const std::string& host : hosts) {
    unsigned char address[sizeof(in6_addr)];
    const bool is_address = inet_pton(AF_INET, host.c_str(), address) == 1 ||
                            inet_pton(AF_INET6, host.c_str(), address) == 1;
    const bool is_name = !host.empty() && std::all_of(host.begin(), host.end(), [](char c) {
      return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '.' || c == '*';
    });
    if (!is_address && !is_name) {
      throw ConfigError("'" + host + "' is neither a host's name nor an address (without port)");
    }
    names += (names.empty() ? "" : ",") + std::string(is_address ? "IP:" : "DNS:") + host;
  }
  return names;
}

[[noreturn]] void fail(const std::filesystem::path& file, const std::string& what) {
  throw DataError("can't " + what + " '" + file.string() + "': " + std::strerror(errno));
}

/// Replaces the file in one step; nobody can read a key meanwhile.
void write(const std::filesystem::path& file, BIO* content, mode_t mode) {
  const std::string temporary = file.string() + ".new";
  unlink(temporary.c_str());
  const int descriptor = open(temporary.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, mode);
  if (descriptor < 0) fail(temporary, "write");
  char* text = nullptr;
  const long length = BIO_get_mem_data(content, &text);
  const bool written = ::write(descriptor, text, static_cast<std::size_t>(length)) == length &&
                       fsync(descriptor) == 0;
  close(descriptor);
  if (!written || rename(temporary.c_str(), file.c_str()) != 0) fail(file, "write");
}

void write(const std::filesystem::path& stem, const Identity& identity) {
  const Memory key(good(BIO_new(BIO_s_mem())));
  good(PEM_write_bio_PKCS8PrivateKey(key.get(), identity.key.get(), nullptr, nullptr, 0, nullptr,
                                     nullptr));
  write(stem.string() + ".key", key.get(), 0600);
  const Memory certificate(good(BIO_new(BIO_s_mem())));
  good(PEM_write_bio_X509(certificate.get(), identity.certificate.get()));
  write(stem.string() + ".crt", certificate.get(), 0644);
}

Identity read(const std::filesystem::path& stem) {
  const auto open_file = [&](const char* kind) {
    const std::string name = stem.string() + kind;
    File file(std::fopen(name.c_str(), "r"));
    if (!file) fail(name, "read");
    return file;
  };
  Identity identity;
  identity.key.reset(good(PEM_read_PrivateKey(open_file(".key").get(), nullptr, nullptr, nullptr)));
  identity.certificate.reset(
      good(PEM_read_X509(open_file(".crt").get(), nullptr, nullptr, nullptr)));
  return identity;
}

}  // namespace

void make_certificates(const std::filesystem::path& folder, const std::vector<std::string>& hosts,
                       int days) {
  const std::string names = alternative_names(hosts);
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) throw DataError("can't make the folder '" + folder.string() + "': " + error.message());
  Identity authority;
  if (std::filesystem::exists(folder / "ca.key")) {
    authority = read(folder / "ca");
  } else {
    authority = new_authority();
    write(folder / "ca", authority);
  }
  write(folder / "server",
        signed_identity("Syncline server", "serverAuth", names, days, authority));
  write(folder / "worker", signed_identity("Syncline worker", "clientAuth", "", days, authority));
}

}  // namespace syncline
