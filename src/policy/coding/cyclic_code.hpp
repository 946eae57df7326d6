#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "syncline/event.hpp"

namespace syncline {

/// How the payloads of some workers become the sum over all parts.
struct Decoding {
  std::vector<double> weights;  ///< of each worker's payload; 0 for those that are missing
  /// (sum_w |a_w| sum_j |B_wj|) / n: by how much rounding errors grow; 1 is the least possible.
  double condition = 1;
  /// Bound on the error of the mean gradient in double precision, in units of the longest gradient
  /// of a part: what the weights miss, and (n + 1) 2^-53 times the condition.
  double error = 0;
};

/// The cyclic gradient code (Tandon, Lei, Dimakis, Karampatziakis, arXiv 1612.03301, algorithm 2):
/// of n workers and n parts of the data, worker w has the parts w, ..., w + s (mod n) and pushes
/// sum_j B_wj g_j. From the payloads of any n - s workers sum_j g_j follows, exactly: there is an a
/// with a' B = (1, ..., 1) that is 0 for the others.
///
/// H is an s x n matrix of normal numbers whose rows sum to 0; row w of B is what H maps to 0 among
/// the vectors that are 0 outside w, ..., w + s. Its scale is such that it sums to s + 1, so that
/// the weights of every decoding sum to n / (s + 1). Immutable.
class CyclicCode {
 public:
  /// The largest Decoding::error that is good enough.
  static constexpr double largest_error = 1e-8;

  /// H is drawn by the three numbers alone. REQUIRES: stragglers < workers.
  CyclicCode(std::uint32_t workers, std::uint32_t stragglers, std::uint64_t draw);

  [[nodiscard]] std::uint32_t workers() const { return n_; }
  [[nodiscard]] std::uint32_t stragglers() const { return s_; }

  /// Of the parts w, ..., w + s (mod n).
  [[nodiscard]] std::span<const double> row(WorkerId worker) const {
    return {rows_.data() + std::size_t{worker} * (s_ + 1), s_ + 1};
  }

  /// REQUIRES: at most `stragglers` are missing, each named once.
  [[nodiscard]] Decoding decode(std::span<const WorkerId> missing) const;

  /// The worst condition and the worst error of all decodings with s missing, or, if these are more
  /// than a few hundred, of those with s neighbours missing and of a few hundred drawn ones; no
  /// weights.
  [[nodiscard]] Decoding worst() const;

 private:
  void make_rows(std::uint64_t draw);
  void analyse();
  [[nodiscard]] std::vector<double> column(std::uint32_t part) const;

  std::uint32_t n_, s_;
  std::vector<double> rows_;  ///< n rows of s + 1
  // Every a with a' B = (1, ..., 1) is the least one plus a combination of `ways`, which are
  // orthonormal and have way' B = 0.
  std::vector<double> least_;
  std::vector<std::vector<double>> ways_;
};

/// The best of a few draws by the condition of its worst decoding; the same for everybody.
[[nodiscard]] std::shared_ptr<const CyclicCode> best_cyclic_code(std::uint32_t workers,
                                                                 std::uint32_t stragglers);

}  // namespace syncline
