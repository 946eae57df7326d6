#include "server/aggregators/neighbours.hpp"

#include <algorithm>
#include <numeric>

namespace syncline {

Neighbours::Neighbours(const std::vector<double>& distances, std::size_t n) : others_(n) {
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < n; ++j) {
      if (j != i) others_[i].emplace_back(distances[i * n + j], j);
    }
    std::sort(others_[i].begin(), others_[i].end());
  }
}

// Sums from the nearest on, so that they don't depend on the order of arrival.
Neighbours::Score Neighbours::score(std::size_t i, std::size_t nearest,
                                    const std::vector<bool>& left) const {
  Score score;
  std::size_t seen = 0;
  for (const auto& [distance, other] : others_[i]) {
    if (!left[other]) continue;
    if (seen++ < nearest) score.near += distance;
    score.all += distance;
  }
  return score;
}

std::vector<std::size_t> Neighbours::ranked(std::size_t b) const {
  const std::size_t n = others_.size();
  const std::vector<bool> left(n, true);
  std::vector<Score> scores;
  for (std::size_t i = 0; i < n; ++i) scores.push_back(score(i, krum_nearest(n, b), left));
  std::vector<std::size_t> order(n);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t i, std::size_t j) { return scores[i] < scores[j]; });
  return order;
}

std::vector<std::size_t> Neighbours::chosen(std::size_t b, std::size_t count) const {
  std::vector<bool> left(others_.size(), true);
  std::vector<std::size_t> choice;
  while (choice.size() < count) {
    const std::size_t nearest = krum_nearest(others_.size() - choice.size(), b);
    std::size_t best = others_.size();
    Score best_score;
    for (std::size_t i = 0; i < others_.size(); ++i) {
      if (!left[i]) continue;
      const Score its_score = score(i, nearest, left);
      if (best == others_.size() || its_score < best_score) {
        best = i;
        best_score = its_score;
      }
    }
    left[best] = false;
    choice.push_back(best);
  }
  return choice;
}

}  // namespace syncline
