#include <algorithm>
#include <cmath>
#include <numeric>

#include "syncline/dataset.hpp"
#include "syncline/random.hpp"

namespace syncline {
namespace {

using Shards = std::vector<std::vector<std::uint32_t>>;

void shuffle(std::vector<std::uint32_t>& numbers, DrawStream& stream) {
  for (std::size_t i = numbers.size(); i > 1; --i) {
    std::swap(numbers[i - 1], numbers[stream.below(i)]);
  }
}

/// log of a Gamma(shape, 1) draw: Marsaglia and Tsang, "A simple method for generating gamma
/// variables" (ACM TOMS 26, 2000), with their boost for shape < 1 taken in logarithms, since for
/// small shapes the draw itself underflows.
double log_gamma_draw(double shape, DrawStream& stream) {
  if (shape < 1) {
    const double boost = std::log(stream.uniform()) / shape;
    return log_gamma_draw(shape + 1, stream) + boost;
  }
  const double d = shape - 1.0 / 3.0;
  const double c = 1 / std::sqrt(9 * d);
  while (true) {
    const double x = stream.normal();
    const double v = (1 + c * x) * (1 + c * x) * (1 + c * x);
    if (v <= 0) continue;
    if (std::log(stream.uniform()) < 0.5 * x * x + d * (1 - v + std::log(v))) {
      return std::log(d) + std::log(v);
    }
  }
}

/// A draw from the symmetric Dirichlet distribution.
std::vector<double> dirichlet_draw(std::size_t size, double alpha, DrawStream& stream) {
  std::vector<double> shares(size);
  for (double& share : shares) share = log_gamma_draw(alpha, stream);
  const double largest = *std::max_element(shares.begin(), shares.end());
  for (double& share : shares) share = std::exp(share - largest);
  const double sum = std::accumulate(shares.begin(), shares.end(), 0.0);
  for (double& share : shares) share /= sum;
  return shares;
}

/// A worker without samples could compute nothing: it gets one from the worker with most.
void fill_empty(Shards& shards) {
  for (auto& shard : shards) {
    if (!shard.empty()) continue;
    auto& largest =
        *std::max_element(shards.begin(), shards.end(),
                          [](const auto& a, const auto& b) { return a.size() < b.size(); });
    shard.push_back(largest.back());
    largest.pop_back();
  }
}

Shards equal_shards(const Arguments&, std::span<const std::int32_t> labels, std::size_t,
                    std::uint32_t workers, std::uint64_t seed) {
  std::vector<std::uint32_t> order(labels.size());
  std::iota(order.begin(), order.end(), 0U);
  DrawStream stream(Stream::partition, {seed, 0, 0});
  shuffle(order, stream);
  Shards shards(workers);
  for (std::size_t w = 0; w < workers; ++w) {
    const auto cut = [&](std::size_t i) {
      return order.begin() + static_cast<std::ptrdiff_t>(order.size() * i / workers);
    };
    shards[w].assign(cut(w), cut(w + 1));
  }
  return shards;
}

Shards dirichlet(const Arguments& arguments, std::span<const std::int32_t> labels,
                 std::size_t classes, std::uint32_t workers, std::uint64_t seed) {
  const double alpha = arguments.positive("alpha");
  std::vector<std::vector<std::uint32_t>> members(classes);
  for (std::uint32_t i = 0; i < labels.size(); ++i) {
    members[static_cast<std::size_t>(labels[i])].push_back(i);
  }
  Shards shards(workers);
  for (std::size_t c = 0; c < classes; ++c) {
    DrawStream stream(Stream::partition, {seed, static_cast<std::uint32_t>(c), 1});
    shuffle(members[c], stream);
    const auto shares = dirichlet_draw(workers, alpha, stream);
    double passed = 0;
    auto from = members[c].begin();
    for (std::size_t w = 0; w < workers; ++w) {
      passed += shares[w];
      const double place =
          std::round(std::min(passed, 1.0) * static_cast<double>(members[c].size()));
      // The last cut must be the end whatever the rounding of the sum.
      const auto to = w + 1 == workers ? members[c].end()
                                       : members[c].begin() + static_cast<std::ptrdiff_t>(place);
      shards[w].insert(shards[w].end(), from, to);
      from = to;
    }
  }
  fill_empty(shards);
  return shards;
}

}  // namespace

const Registry<PartitionFactory>& partitions() {
  static const Registry<PartitionFactory> registry(
      "partition", {{"iid",
                     "every worker draws from the whole set, with replacement",
                     "arXiv 2003.10579",
                     {},
                     [](const Arguments&, std::span<const std::int32_t>, std::size_t, std::uint32_t,
                        std::uint64_t) { return Shards(); }},
                    {"shards",
                     "equal random parts, one for each worker",
                     "the usual data parallelism",
                     {},
                     equal_shards},
                    {"dirichlet",
                     "each class is divided among the workers by a Dirichlet draw",
                     "Hsu, Qi, Brown, arXiv 1909.06335; by class as in Li et al., arXiv 2102.02079",
                     {{"alpha", "concentration > 0: small is very uneven, large is even", "0.3"}},
                     dirichlet}});
  return registry;
}

}  // namespace syncline
