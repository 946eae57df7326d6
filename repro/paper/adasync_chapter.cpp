#include "adasync_chapter.hpp"

#include <algorithm>

#include "curves.hpp"
#include "words.hpp"

namespace syncline::repro {
namespace {

/// A contestant with its runs, the same seeds as everybody else's of the variant.
struct Entrant {
  Contestant contestant;
  std::vector<const Json*> runs;
  std::vector<double> areas;  ///< mean test error over time, by seed
};

std::vector<Entrant> entrants_of(const Contest& contest, const std::string& variant,
                                 const Results& results) {
  std::vector<Entrant> entrants;
  for (const Contestant& one : contestants(variant, contest.interval)) {
    entrants.push_back({one, {}, {}});
  }
  for (std::size_t seed = 1; seed <= results.runs.size(); ++seed) {
    std::vector<const Json*> row;
    for (const Entrant& entrant : entrants) {
      const auto found =
          results.runs.find(entrant.contestant.key + "-seed-" + std::to_string(seed));
      if (found != results.runs.end()) row.push_back(&found->second);
    }
    if (row.size() < entrants.size()) continue;
    for (std::size_t i = 0; i < row.size(); ++i) entrants[i].runs.push_back(row[i]);
  }
  for (Entrant& entrant : entrants) {
    entrant.areas = each(entrant.runs, [&](const Json& run) {
      return mean_over_time(run, "test_error", contest.until);
    });
  }
  return entrants;
}

const Entrant& named(const std::vector<Entrant>& entrants, const std::string& title) {
  return *std::find_if(entrants.begin(), entrants.end(),
                       [&](const Entrant& entrant) { return entrant.contestant.title == title; });
}

bool is_fixed(const Entrant& entrant) { return entrant.contestant.title.starts_with("K = "); }

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
  for (const Entrant* other : others) {
    const auto interval = difference(a.areas, other->areas);
    if (!interval) {
      claim.holds = false;
      continue;
    }
    claim.holds = claim.holds && interval->upper < 0;
    claim.evidence +=
        (claim.evidence.empty() ? "points of %: " : "; ") + difference_text(a, *other, *interval);
  }
  if (claim.evidence.empty()) claim.evidence = "one seed says nothing";
  return claim;
}

void add_claims(Chapter& chapter, const Contest& contest, const std::string& title,
                const std::string& variant, const std::vector<Entrant>& entrants) {
  std::vector<const Entrant*> fixed;
  for (const Entrant& entrant : entrants) {
    if (is_fixed(entrant)) fixed.push_back(&entrant);
  }
  const auto expected = [&](const std::vector<std::string>& wins) {
    return std::find(wins.begin(), wins.end(), variant) != wins.end();
  };
  Claim adasync = below_all(named(entrants, "AdaSync"), fixed);
  adasync.text =
      title + ": AdaSync's test error, averaged over time, is below that of every fixed K";
  adasync.source = "paper";
  adasync.expected = expected(contest.adasync_wins);
  Claim automatic = below_all(named(entrants, "auto"), {&named(entrants, "AdaSync")});
  automatic.text = title + ": that of `auto` is below AdaSync's";
  automatic.source = "here";
  automatic.expected = expected(contest.auto_wins);
  chapter.claims.push_back(std::move(adasync));
  chapter.claims.push_back(std::move(automatic));
}

std::vector<Series> all_series(const std::vector<Entrant>& entrants, const char* metric) {
  std::vector<Series> series;
  for (const Entrant& entrant : entrants) {
    series.push_back({entrant.contestant.title, entrant.contestant.color,
                      mean_curve(entrant.runs, "time", metric)});
  }
  return series;
}

/// K over time: constants, and the means of those that adapt.
std::vector<Series> all_k(const std::vector<Entrant>& entrants, double until) {
  std::vector<Series> series;
  for (const Entrant& entrant : entrants) {
    if (is_fixed(entrant)) continue;
    series.push_back(
        {entrant.contestant.title, entrant.contestant.color, mean_k(entrant.runs, until, 200)});
    series.back().mark = "steps";
  }
  return series;
}

Picture draw_variant(const Contest& contest, const std::string& title, const std::string& variant,
                     const std::vector<Entrant>& entrants) {
  const Axis time{.label = "time (s)"};
  const Axis error{.label = "error", .log = true, .percent = true};
  std::vector<Json> panels = {
      curves_panel("Test error", time, error, all_series(entrants, "test_error")),
      curves_panel("Training error", time, error, all_series(entrants, "train_error")),
      curves_panel("K", time, {.label = "K", .domain = {{0, 8.5}}},
                   all_k(entrants, contest.until))};
  return picture(contest.id + "-" + variant, title,
                 title +
                     ": test error, training error and K against time, mean and standard error "
                     "over the seeds",
                 3, std::move(panels));
}

/// "31.2 ± 1.1", or how many of the seeds reached it.
std::string time_text(const Entrant& entrant, double target) {
  std::vector<double> times;
  for (const Json* run : entrant.runs) {
    if (const auto time = time_to(*run, "test_error", target)) times.push_back(*time);
  }
  if (times.size() == entrant.runs.size()) return with_error(summarise(times));
  return times.empty() ? "-"
                       : std::to_string(times.size()) + " of " +
                             std::to_string(entrant.runs.size()) + " seeds";
}

std::string percent_text(const std::vector<double>& fractions) {
  Summary summary = summarise(fractions);
  summary.mean *= 100;
  summary.standard_error *= 100;
  return with_error(summary) + " %";
}

Section variant_section(const Contest& contest, const std::string& title,
                        const std::string& variant, const std::vector<Entrant>& entrants) {
  Section section;
  section.heading = title;
  section.columns = {"", "test error over time", "training error over time",
                     "test error at the end"};
  for (const double target : contest.targets) {
    section.columns.push_back("time to " + percent(target, 0));
  }
  section.columns.insert(section.columns.end(), {"updates", "gradients", "staleness"});
  for (const Entrant& entrant : entrants) {
    const auto mean_of = [&](auto get) { return summarise(each(entrant.runs, get)).mean; };
    std::vector<std::string> row = {
        entrant.contestant.title, percent_text(entrant.areas),
        percent_text(each(
            entrant.runs,
            [&](const Json& run) { return mean_over_time(run, "train_error", contest.until); })),
        percent_text(each(entrant.runs, [](const Json& run) {
          return run.at("final").at("test_error").get<double>();
        }))};
    for (const double target : contest.targets) row.push_back(time_text(entrant, target));
    row.push_back(number(mean_of([](const Json& run) { return run.at("updates").get<double>(); })));
    row.push_back(number(
        mean_of([](const Json& run) { return run.at("gradients").at("applied").get<double>(); })));
    row.push_back(
        number(mean_of([](const Json& run) { return run.at("staleness_mean").get<double>(); }), 3));
    section.rows.push_back(std::move(row));
  }
  section.pictures = {draw_variant(contest, title, variant, entrants)};
  return section;
}

}  // namespace

Chapter contest_chapter(const Contest& contest, const Results& results) {
  Chapter chapter;
  for (const Variant& variant : variants()) {
    const auto& in = contest.variants;
    if (std::find(in.begin(), in.end(), variant.policy) == in.end()) continue;
    const std::vector<Entrant> entrants = entrants_of(contest, variant.policy, results);
    if (entrants.front().runs.empty()) continue;
    chapter.sections.push_back(variant_section(contest, variant.title, variant.policy, entrants));
    add_claims(chapter, contest, variant.title, variant.policy, entrants);
  }
  return chapter;
}

}  // namespace syncline::repro
