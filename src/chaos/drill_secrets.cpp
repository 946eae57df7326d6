#include "chaos/drill_secrets.hpp"

#include <fstream>
#include <random>

#include "syncline/error.hpp"
#include "transport/certificates.hpp"

namespace syncline {
namespace {

std::filesystem::path write_token(const std::filesystem::path& file) {
  std::random_device device;
  std::ofstream stream(file, std::ios::binary);
  for (int i = 0; i < 8; ++i) stream << std::hex << device() << '-';
  stream << '\n';
  if (!stream.flush()) throw DataError("can't write '" + file.string() + "'");
  return file;
}

std::vector<std::string> options(const std::filesystem::path& token,
                                 const std::optional<std::filesystem::path>& certificates) {
  std::vector<std::string> words = {"--token-file", token};
  if (certificates) {
    words.emplace_back("--tls-folder");
    words.push_back(*certificates);
  }
  return words;
}

}  // namespace

std::vector<std::string> DrillSecrets::words() const { return options(token, certificates); }
std::vector<std::string> DrillSecrets::words_with_other_token() const {
  return options(other_token, certificates);
}
std::vector<std::string> DrillSecrets::words_with_expired_certificate() const {
  return options(token, expired);
}

DrillSecrets make_drill_secrets(const std::filesystem::path& folder,
                                const std::vector<std::string>& hosts, bool tls) {
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  std::filesystem::permissions(folder, std::filesystem::perms::owner_all);
  DrillSecrets secrets;
  secrets.token = write_token(folder / "token");
  secrets.other_token = write_token(folder / "other-token");
  if (!tls) return secrets;
  // Of one authority: what the stranger shows is wrong only in its date.
  secrets.expired = folder / "expired";
  secrets.certificates = folder / "certificates";
  make_certificates(*secrets.expired, hosts, -1);
  std::filesystem::copy(*secrets.expired, *secrets.certificates);
  make_certificates(*secrets.certificates, hosts, 7);
  return secrets;
}

}  // namespace syncline
