#pragma once

#include <cstdint>
#include <vector>

namespace syncline {

/// A number of workers and a time, up to the factor L (F(w_0) - F*) / eps that all methods share.
struct OptimalTime {
  std::uint64_t workers = 0;
  double time = 0;
};

/// How many gradients an update needs for the noise not to matter: max(1, sigma2 / eps), sigma2 the
/// variance of one gradient, eps the wanted E||grad F||^2. Throws ConfigError unless sigma2 >= 0
/// and eps > 0.
[[nodiscard]] double noise_scale(double sigma2, double eps);

/// min over m of H_m (1 + S/m), H_m the harmonic mean of the m least times: no method that computes
/// gradients on workers of fixed times tau_i needs less, up to a constant, and k-batch-sync(k = S)
/// (Rennala) gets there: Tyurin and Richtarik, arXiv 2305.12387. Times in any order, all > 0; S >
/// 0.
[[nodiscard]] OptimalTime optimal_time(std::vector<double> times, double noise_scale);

/// min over m of tau_m (1 + S/m), tau_m the m-th least time: the best K for k-sync. At most
/// 1 + ln P times the optimal time (arXiv 2602.03802 on the near-optimality of synchronous SGD).
[[nodiscard]] OptimalTime best_sync_time(std::vector<double> times, double noise_scale);

}  // namespace syncline
