#pragma once

#include <memory>
#include <string>
#include <vector>

#include "policy/policy_entry.hpp"

namespace syncline {

/// Rounds of local steps: some workers, drawn anew each round, or all, take H steps from the same
/// version, and the mean of how far they went is the update. It may be the mean of the first few.
class Rounds : public ValuePolicy<Rounds> {
 public:
  struct Settings {
    std::string program;
    std::string optimizer;  ///< empty: the user's
    Work work;              ///< of a job
    double rate = 1;        ///< of the server, times the mean displacement
    std::uint64_t clients = 1, quorum = 1, workers = 1;
    std::uint64_t seed = 1;  ///< of the draws of clients
  };
  /// REQUIRES: 1 <= quorum <= clients <= workers.
  explicit Rounds(Settings settings) : settings_(std::move(settings)) {}

  [[nodiscard]] Requirements requirements() const override;
  void begin(const Begin& event, Actions& actions) override;
  void arrive(const Arrive& event, Actions& actions) override;
  void stepped(const Stepped& event, Actions& actions) override;
  [[nodiscard]] nlohmann::json state() const override;
  void restore(const nlohmann::json& state) override;

 private:
  void start_round(Version round, Actions& actions) const;

  Settings settings_;
  std::uint64_t folded_ = 0;
};

/// Parameters and settings that all algorithms in rounds share.
[[nodiscard]] std::vector<Parameter> round_parameters(const char* steps, const char* clients);
[[nodiscard]] Rounds::Settings round_settings(const Arguments& arguments,
                                              const PolicyContext& context);

}  // namespace syncline
