#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace syncline {

/// What the workers of a drill show the server, and what strangers show it.
struct DrillSecrets {
  std::filesystem::path token, other_token;
  /// With TLS: folders of make_certificates().
  std::optional<std::filesystem::path> certificates, expired;

  /// Options of `serve` and `work` with these.
  [[nodiscard]] std::vector<std::string> words() const;
  [[nodiscard]] std::vector<std::string> words_with_other_token() const;
  [[nodiscard]] std::vector<std::string> words_with_expired_certificate() const;
};

/// Makes them in `folder`, anew for each drill. `hosts`: as of make_certificates(). Throws
/// DataError.
[[nodiscard]] DrillSecrets make_drill_secrets(const std::filesystem::path& folder,
                                              const std::vector<std::string>& hosts, bool tls);

}  // namespace syncline
