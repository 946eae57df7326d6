#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "policy/k_variants/k_schedule.hpp"

namespace syncline {

/// The rules of AdaSync: the real-valued K that minimises, for the coming interval, the non-convex
/// error bound u(K) = 2 F T(K) / (t eta gamma') + L eta sigma^2 / (K m gamma'). Its unknown
/// constants cancel against the starting choice K_0 (arXiv 2003.10579; docs/adasync.md):
///
///     K^2 T'(K) / (K_0^2 T'(K_0)) = r,   r = F(w_0) / F(w_now)
namespace adasync {

/// T(K) linear (batch variants): K = K_0 sqrt(r).
[[nodiscard]] double square_root_rule(double k0, double loss_ratio);

/// T'(K) = 1 / (mu (P - K)) (K-sync and K-async with exponential, K-sync with shifted exponential
/// times): K = (-b + sqrt(b^2 + 4 b P)) / 2 with b = K_0^2 r / (P - K_0); K_0 = P stays there.
[[nodiscard]] double quadratic_rule(double k0, double loss_ratio, double workers);

/// Any T(K), given as runtimes[K-1] = E[T(K)]: the K in 1..runtimes.size() that minimises
/// T(K) / r + K_0^2 T'(K_0) / K, with T'(K_0) by central differences (one-sided at the ends).
[[nodiscard]] double general_rule(double k0, double loss_ratio,
                                  const std::vector<double>& runtimes);

}  // namespace adasync

/// AdaSync: raises K as the training loss falls.
class AdaSync final : public KSchedule {
 public:
  enum class Rule { square_root, quadratic, general };

  struct Settings {
    Rule rule = Rule::square_root;
    std::uint64_t k0 = 1;
    double interval = 0;  ///< time between decisions, > 0
    std::uint64_t workers = 1;
    std::uint64_t k_max = 1;       ///< K is clamped to 1..k_max
    bool monotone = true;          ///< K never falls
    std::vector<double> runtimes;  ///< for the general rule: E[T(K)], K = 1..k_max
  };

  explicit AdaSync(Settings settings) : settings_(std::move(settings)) {}

  [[nodiscard]] std::unique_ptr<KSchedule> clone() const override;
  [[nodiscard]] std::vector<Measurement> measurements() const override;
  [[nodiscard]] std::uint64_t least_k() const override {
    return settings_.monotone ? settings_.k0 : 1;
  }
  std::uint64_t next(const Measured& event, std::uint64_t current, Actions& actions) override;
  [[nodiscard]] nlohmann::json state() const override;
  void restore(const nlohmann::json& state) override;

 private:
  Settings settings_;
  bool has_initial_loss_ = false;
  double initial_loss_ = 0;
};

}  // namespace syncline
