#pragma once

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <span>
#include <vector>

#include "server/aggregators/payload_set.hpp"
#include "server/kernels.hpp"

namespace syncline {

/// Makes weights sum to 1; if all are 0, equal ones: nothing tells the payloads apart.
inline void normalise(std::vector<double>& weights) {
  double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
  if (sum == 0) {
    std::fill(weights.begin(), weights.end(), 1.0);
    sum = static_cast<double>(weights.size());
  }
  for (double& weight : weights) weight /= sum;
}

/// Calls work(begin, size) for one block after the other, so that what it reads several times stays
/// in the cache. The blocks are those of all sums over long vectors.
template <class Work>
void each_block(std::size_t size, Work&& work) {
  for (std::size_t begin = 0; begin < size; begin += sum_block) {
    work(begin, std::min(sum_block, size - begin));
  }
}

/// out = sum_i weights[i] payloads[i] over the coordinates begin, ..., begin + out.size() - 1.
template <class Real>
void weighted_sum(const Payloads<Real>& payloads, const std::vector<double>& weights,
                  std::size_t begin, std::span<Real> out) {
  const auto weight = [&](std::size_t i) { return static_cast<Real>(weights[i]); };
  const auto payload = [&](std::size_t i) { return payloads[i].data() + begin; };
  std::fill(out.begin(), out.end(), Real(0));
  // By four: to load and store the sum takes as long as to add to it.
  std::size_t i = 0;
  for (; i + 4 <= payloads.size(); i += 4) {
    const Real wa = weight(i), wb = weight(i + 1), wc = weight(i + 2), wd = weight(i + 3);
    const Real *a = payload(i), *b = payload(i + 1), *c = payload(i + 2), *d = payload(i + 3);
    for (std::size_t j = 0; j < out.size(); ++j) {
      out[j] = out[j] + wa * a[j] + wb * b[j] + wc * c[j] + wd * d[j];
    }
  }
  for (; i < payloads.size(); ++i) {
    const Real w = weight(i);
    const Real* x = payload(i);
    for (std::size_t j = 0; j < out.size(); ++j) out[j] += w * x[j];
  }
}

/// All coordinates from `begin` on.
template <class Real>
void weighted_sums(const Payloads<Real>& payloads, const std::vector<double>& weights,
                   std::size_t begin, std::span<Real> out) {
  each_block(out.size(), [&](std::size_t from, std::size_t size) {
    weighted_sum(payloads, weights, begin + from, out.subspan(from, size));
  });
}

}  // namespace syncline
