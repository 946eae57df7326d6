#include "adasync_claims.hpp"

#include <algorithm>

#include "curves.hpp"
#include "words.hpp"

namespace syncline::repro {
namespace {

const Entrant& named(const std::vector<Entrant>& entrants, const std::string& title) {
  return *std::find_if(entrants.begin(), entrants.end(),
                       [&](const Entrant& entrant) { return entrant.contestant.title == title; });
}

/// "AdaSync - K = 4: -0.3 % (-0.5 to -0.1)", in points of per cent.
std::string difference_text(const Entrant& a, const Entrant& b, const Interval& interval) {
  const auto points = [](double value) { return number(100 * value, 2); };
  return a.contestant.title + " - " + b.contestant.title + ": " + points(interval.mean) + " (" +
         points(interval.lower) + " to " + points(interval.upper) + ")";
}

/// Whether the area of `a` is below that of every other beyond doubt, with the differences.
Claim below_all(const Entrant& a, const std::vector<const Entrant*>& others) {
  Claim claim;
  claim.holds = true;
  claim.open = true;
  for (const Entrant* other : others) {
    const auto interval = difference(a.areas, other->areas);
    if (!interval) {
      claim.holds = false;
      continue;
    }
    claim.holds = claim.holds && interval->upper < 0;
    claim.open = claim.open && interval->lower < 0;
    claim.evidence +=
        (claim.evidence.empty() ? "points of %: " : "; ") + difference_text(a, *other, *interval);
  }
  if (claim.evidence.empty()) claim.evidence = "one seed says nothing";
  return claim;
}

/// Whether the area of `a` is at most a tenth above the smallest mean of the others, beyond doubt.
Claim close_to_best(const Entrant& a, const std::vector<const Entrant*>& others) {
  constexpr double tolerance = 1.1;
  const Entrant& best = **std::min_element(
      others.begin(), others.end(), [](const Entrant* one, const Entrant* other) {
        return summarise(one->areas).mean < summarise(other->areas).mean;
      });
  std::vector<double> ratios;
  for (std::size_t i = 0; i < a.areas.size(); ++i) ratios.push_back(a.areas[i] / best.areas[i]);
  Claim claim;
  if (const auto interval = mean_interval(ratios)) {
    claim.holds = interval->upper <= tolerance;
    claim.open = interval->lower <= tolerance;
    claim.evidence = number(interval->mean, 3) + " (" + number(interval->lower, 3) + " to " +
                     number(interval->upper, 3) + ") times that of " + best.contestant.title;
  } else {
    claim.open = true;
    claim.evidence = "one seed says nothing";
  }
  return claim;
}

}  // namespace

void add_claims(Chapter& chapter, const Contest& contest, const std::string& variant,
                const std::vector<Entrant>& entrants) {
  std::vector<const Entrant*> fixed;
  for (const Entrant& entrant : entrants) {
    if (is_fixed(entrant)) fixed.push_back(&entrant);
  }
  const auto add = [&](Claim claim, const char* source, const std::string& text, const char* id) {
    const auto& holding = contest.holding;
    claim.text = variant_title(variant) + ": " + text;
    claim.source = source;
    claim.expected = std::find(holding.begin(), holding.end(), variant + "/" + id) != holding.end();
    chapter.claims.push_back(std::move(claim));
  };
  const Entrant& adasync = named(entrants, "AdaSync");
  const Entrant& automatic = named(entrants, "auto");
  add(below_all(adasync, fixed), "paper",
      "AdaSync's test error, averaged over time, is below that of every fixed K", "adasync-wins");
  add(below_all(automatic, {&adasync}), "here", "that of `auto` is below AdaSync's", "auto-below");
  add(close_to_best(automatic, fixed), "here",
      "that of `auto` is at most a tenth above that of the best fixed K", "auto-close");
  const Entrant& horizon = entrants.back();
  if (horizon.contestant.title != "horizon") return;
  add(below_all(horizon, {&adasync}), "here", "that of `horizon` is below AdaSync's",
      "horizon-below");
  add(below_all(horizon, {&automatic}), "here", "that of `horizon` is below that of `auto`",
      "horizon-auto");
  add(close_to_best(horizon, fixed), "here",
      "that of `horizon` is at most a tenth above that of the best fixed K", "horizon-close");
}

}  // namespace syncline::repro
