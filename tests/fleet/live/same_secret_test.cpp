#include "fleet/cluster/same_secret.hpp"

#include <string>

#include <doctest/doctest.h>

namespace syncline {
namespace {

TEST_CASE("secrets are the same only if every byte is") {
  CHECK(same_secret("", ""));
  const std::string secret("with\0zero and \xff", 15);
  CHECK(same_secret(secret, secret));
  CHECK_FALSE(same_secret("", secret));
  CHECK_FALSE(same_secret(secret, ""));
  CHECK_FALSE(same_secret(secret + "x", secret));
  CHECK_FALSE(same_secret(secret.substr(1), secret));
  for (std::size_t i = 0; i < secret.size(); ++i) {
    for (const char flip : {'\x01', '\x80', '\xff'}) {
      std::string other = secret;
      other[i] = static_cast<char>(other[i] ^ flip);
      CHECK_FALSE(same_secret(other, secret));
    }
  }
}

}  // namespace
}  // namespace syncline
