#include <cerrno>
#include <cstdio>
#include <cstring>

#include <openssl/pem.h>
#include <openssl/x509.h>

#include "syncline/error.hpp"
#include "transport/certificates.hpp"
#include "transport/openssl_handles.hpp"

namespace syncline {
namespace {

/// Nobody is there to be asked for the password of a key.
int no_password(char*, int, int, void*) { return -1; }

constexpr const char* cure = " (`syncline certs` makes certificates, and renews them)";

template <class Read>
auto read_pem(const std::filesystem::path& path, const char* what, Read&& read) {
  const File file(std::fopen(path.c_str(), "rbe"));
  if (!file) throw DataError("can't read '" + path.string() + "': " + std::strerror(errno) + cure);
  auto thing = read(file.get());
  if (!thing) throw DataError("'" + path.string() + "' holds no " + what + cure);
  return thing;
}

Certificate read_certificate(const std::filesystem::path& path) {
  return read_pem(path, "certificate", [](std::FILE* file) {
    return Certificate(PEM_read_X509(file, nullptr, no_password, nullptr));
  });
}

}  // namespace

void check_tls_files(const TlsFiles& files) {
  static_cast<void>(read_certificate(files.authority));
  const Certificate certificate = read_certificate(files.certificate);
  const Key key = read_pem(files.key, "private key that needs no password", [](std::FILE* file) {
    return Key(PEM_read_PrivateKey(file, nullptr, no_password, nullptr));
  });
  if (X509_check_private_key(certificate.get(), key.get()) != 1) {
    throw DataError("the key '" + files.key.string() + "' is not that of '" +
                    files.certificate.string() + "'" + cure);
  }
}

std::string out_of_date(const TlsFiles& files) {
  const Certificate certificate = read_certificate(files.certificate);
  const std::string name = "the certificate '" + files.certificate.string() + "' ";
  if (X509_cmp_current_time(X509_get0_notAfter(certificate.get())) < 0) {
    return name + "has expired" + cure;
  }
  if (X509_cmp_current_time(X509_get0_notBefore(certificate.get())) > 0) {
    return name + "is not valid yet: is the clock of this machine right?";
  }
  return "";
}

}  // namespace syncline
