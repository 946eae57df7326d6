#include "policy/automatic/candidates.hpp"

#include <algorithm>
#include <cmath>

namespace syncline {
namespace {

using Texts = std::vector<std::string>;

/// Batches and limits go beyond the number of workers by so much.
constexpr std::uint64_t beyond = 4;

/// 1, 2, 3, 4, 6, 8, 12, ... up to `most`, from `least` on.
std::vector<std::uint64_t> ladder(std::uint64_t least, std::uint64_t most) {
  std::vector<std::uint64_t> rungs;
  for (std::uint64_t power = 1; power <= most; power *= 2) {
    for (const std::uint64_t rung : {power, power + power / 2}) {
      const bool fits = rung >= least && rung <= most;
      if (fits && (rungs.empty() || rung > rungs.back())) rungs.push_back(rung);
    }
  }
  return rungs;
}

/// The powers of 2 from 2 to `most`, and S where it is among them.
std::vector<std::uint64_t> around_noise_scale(const Situation& situation) {
  const std::uint64_t most = std::max<std::uint64_t>(2, beyond * situation.workers);
  std::vector<std::uint64_t> values;
  for (std::uint64_t power = 2; power <= most; power *= 2) values.push_back(power);
  const double scale = std::ceil(situation.noise_scale);
  if (scale >= 2 && scale <= static_cast<double>(most)) {
    values.push_back(static_cast<std::uint64_t>(scale));
  }
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
  return values;
}

Texts each(const char* name, const char* parameter, const std::vector<std::uint64_t>& values) {
  Texts texts;
  for (const std::uint64_t value : values) {
    texts.push_back(std::string(name) + "(" + parameter + "=" + std::to_string(value) + ")");
  }
  return texts;
}

}  // namespace

const std::vector<Family>& families() {
  static const std::vector<Family> rows = {
      {"sync", true, true, [](const Situation&) { return Texts{"sync"}; }},
      {"k-sync", false, true,
       [](const Situation& now) { return each("k-sync", "k", ladder(1, now.workers - 1)); }},
      {"k-batch-sync", false, true,
       [](const Situation& now) { return each("k-batch-sync", "k", around_noise_scale(now)); }},
      {"ringmaster", false, true,
       [](const Situation& now) { return each("ringmaster", "limit", around_noise_scale(now)); }},
      {"async", false, true, [](const Situation&) { return Texts{"async"}; }},
      {"delay-adaptive", false, true, [](const Situation&) { return Texts{"delay-adaptive"}; }},
      {"k-async", false, true,
       [](const Situation& now) { return each("k-async", "k", ladder(2, now.workers)); }},
      {"k-batch-async", false, true,
       [](const Situation& now) { return each("k-batch-async", "k", ladder(2, now.workers)); }},
      {"malenia", true, false,
       [](const Situation& now) {
         Texts texts = {"malenia"};
         for (const std::string& text :
              each("malenia", "gradients", ladder(2ULL * now.workers, beyond * now.workers))) {
           texts.push_back(text);
         }
         return texts;
       }},
      {"ringleader", true, false, [](const Situation&) { return Texts{"ringleader"}; }}};
  return rows;
}

}  // namespace syncline
