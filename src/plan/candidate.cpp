#include "plan/candidate.hpp"

#include <algorithm>
#include <cmath>

namespace syncline {
namespace {

constexpr std::uint64_t every_k_up_to = 10;
constexpr double spacing = 1.122;  // 2^(1/6)

std::vector<std::uint64_t> k_values(std::uint64_t workers) {
  std::vector<std::uint64_t> values;
  for (std::uint64_t k = 1; k <= std::min(workers, every_k_up_to); ++k) values.push_back(k);
  for (double k = every_k_up_to; k < static_cast<double>(workers); k *= spacing) {
    const auto rounded = static_cast<std::uint64_t>(std::llround(k));
    if (rounded > values.back()) values.push_back(rounded);
  }
  if (values.back() != workers) values.push_back(workers);
  return values;
}

}  // namespace

std::vector<VariantPoint> candidate_points(std::uint32_t workers) {
  using Family = VariantFamily;
  std::vector<VariantPoint> points = {{Family::k_sync, workers}};
  if (workers == 1) return points;
  points.push_back({Family::k_async, 1});
  for (const std::uint64_t k : k_values(workers)) {
    if (k < workers) points.push_back({Family::k_sync, k});
    if (k > 1 && k < workers) points.push_back({Family::k_async, k});
    if (k > 1) points.push_back({Family::k_batch_sync, k});
    if (k > 1) points.push_back({Family::k_batch_async, k});
  }
  points.push_back({Family::k_batch_sync, 2ULL * workers});
  points.push_back({Family::k_batch_async, 2ULL * workers});
  return points;
}

std::string policy_text(const VariantPoint& point, std::uint32_t workers) {
  if (point.family == VariantFamily::k_sync && point.k == workers) return "sync";
  if (point.family == VariantFamily::k_async && point.k == 1) return "async";
  return std::string(family_name(point.family)) + "(k=" + std::to_string(point.k) + ")";
}

}  // namespace syncline
