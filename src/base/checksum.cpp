#include "base/checksum.hpp"

#include <array>
#include <fstream>
#include <memory>

#include <openssl/evp.h>

#include "syncline/error.hpp"

namespace syncline {

std::string file_digest(const std::filesystem::path& path, const char* algorithm) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw DataError(path.string() + ": cannot be opened for reading");
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                        &EVP_MD_CTX_free);
  const EVP_MD* kind = EVP_get_digestbyname(algorithm);
  bool ok = context && kind != nullptr && EVP_DigestInit_ex(context.get(), kind, nullptr) == 1;
  std::array<char, 1 << 16> piece{};
  while (ok && file) {
    file.read(piece.data(), piece.size());
    ok =
        EVP_DigestUpdate(context.get(), piece.data(), static_cast<std::size_t>(file.gcount())) == 1;
  }
  if (file.bad()) throw DataError(path.string() + ": cannot be read");
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  if (!ok || EVP_DigestFinal_ex(context.get(), digest.data(), &size) != 1) {
    throw DataError(std::string("OpenSSL cannot compute ") + algorithm + " here");
  }
  std::string text;
  for (unsigned int i = 0; i < size; ++i) {
    text += "0123456789abcdef"[digest[i] >> 4];
    text += "0123456789abcdef"[digest[i] & 15];
  }
  return text;
}

bool has_digest(const std::filesystem::path& path, const char* algorithm,
                const std::string& expected) {
  std::error_code ignored;
  return std::filesystem::is_regular_file(path, ignored) &&
         file_digest(path, algorithm) == expected;
}

}  // namespace syncline
