#include "verdict.hpp"

#include <cmath>

#include "curves.hpp"
#include "words.hpp"

namespace syncline::repro {
namespace {

std::string interval_text(const Interval& interval) {
  return number(interval.mean) + " (" + number(interval.lower) + " to " + number(interval.upper) +
         ")";
}

}  // namespace

std::optional<Verdict> is_lowest(const Results& results, const Trial& low,
                                 const std::vector<Trial>& others, const Measure& measure) {
  std::vector<Trial> all = {low};
  all.insert(all.end(), others.begin(), others.end());
  const auto values = by_seed(results, all, measure);
  if (values.front().size() < 2) return std::nullopt;
  Verdict verdict{true, low.title + " " + with_error(summarise(values.front()))};
  for (std::size_t i = 1; i < all.size(); ++i) {
    const Interval above = difference(values[i], values.front()).value();
    verdict.holds = verdict.holds && above.lower > 0;
    verdict.evidence += "; " + all[i].title + " " + with_error(summarise(values[i])) +
                        ", difference " + interval_text(above);
  }
  return verdict;
}

std::optional<Verdict> agrees(const std::vector<double>& values, double theory) {
  if (values.size() < 2) return std::nullopt;
  const Summary summary = summarise(values);
  return Verdict{std::abs(summary.mean - theory) < 3 * summary.standard_error,
                 with_error(summary) + ", theory " + number(theory)};
}

std::optional<Verdict> all_of(
    const std::vector<std::pair<std::string, std::optional<Verdict>>>& verdicts) {
  Verdict all{true, ""};
  for (const auto& [name, verdict] : verdicts) {
    if (!verdict) return std::nullopt;
    all.holds = all.holds && verdict->holds;
    all.evidence += (all.evidence.empty() ? "" : "<br>") + name + ": " + verdict->evidence;
  }
  return all;
}

void add_claim(Chapter& chapter, const std::string& text, const std::string& source,
               const std::optional<Verdict>& verdict, bool expected) {
  if (!verdict) return;
  chapter.claims.push_back({text, source, verdict->holds, verdict->evidence, expected});
}

std::optional<Lowest> lowest(const std::vector<std::vector<double>>& values) {
  Lowest best;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (values[i].empty()) return std::nullopt;
    if (summarise(values[i]).mean < summarise(values[best.index]).mean) best.index = i;
  }
  best.clear = true;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (i == best.index) continue;
    const auto above = difference(values[i], values[best.index]);
    best.clear = best.clear && above && above->lower > 0;
  }
  return best;
}

}  // namespace syncline::repro
