#include "adasync_chapter.hpp"

#include "adasync_claims.hpp"
#include "curves.hpp"
#include "words.hpp"

namespace syncline::repro {
namespace {

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
    series.push_back({entrant.contestant.title, entrant.contestant.color,
                      mean_k(entrant.runs, entrant.contestant.k0, until, 200)});
    series.back().mark = "steps";
  }
  return series;
}

/// Mean test error over time, with one standard error to each side.
std::vector<Bar> all_areas(const std::vector<Entrant>& entrants) {
  std::vector<Bar> bars;
  for (const Entrant& entrant : entrants) {
    const Summary area = summarise(entrant.areas);
    bars.push_back({entrant.contestant.title, entrant.contestant.color, 100 * area.mean,
                    100 * (area.mean - area.standard_error),
                    100 * (area.mean + area.standard_error), percent(area.mean)});
  }
  return bars;
}

Picture draw_variant(const Contest& contest, const std::string& variant,
                     const std::vector<Entrant>& entrants) {
  const std::string title = variant_title(variant);
  const Axis time{.label = "time (" + contest.time_unit + ")", .domain = {{0, contest.until}}};
  const Axis error{.label = "error", .log = true, .percent = true};
  std::vector<Json> panels = {
      curves_panel("Test error", time, error, all_series(entrants, "test_error")),
      curves_panel("Training error", time, error, all_series(entrants, "train_error")),
      curves_panel("K", time, {.label = "K", .domain = {{0, contest.ks.back() + 0.5}}},
                   all_k(entrants, contest.until)),
      bars_panel("Test error, averaged over time", "%", all_areas(entrants))};
  return picture(contest.id + "-" + variant, title,
                 title +
                     ": test error, training error and K against time, and the mean of the test "
                     "error over time; means over the seeds with one standard error",
                 2, std::move(panels));
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

Section variant_section(const Contest& contest, const std::string& variant,
                        const std::vector<Entrant>& entrants) {
  Section section;
  section.heading = variant_title(variant);
  const std::size_t seeds = entrants.front().runs.size();
  section.text = seeds == 1 ? "One seed: the picture has no bands, and nothing is decided."
                            : "Means and standard errors over " + std::to_string(seeds) + " seeds.";
  section.columns = {"", "test error over time", "training error over time",
                     "test error at the end"};
  for (const double target : contest.targets) {
    section.columns.push_back("time to " + percent(target, 0));
  }
  section.columns.insert(section.columns.end(), {"updates", "staleness"});
  for (const Entrant& entrant : entrants) {
    const auto mean_of = [&](auto get) { return summarise(each(entrant.runs, get)).mean; };
    std::vector<std::string> row = {
        entrant.contestant.title, percent_text(entrant.areas),
        percent_text(each(
            entrant.runs,
            [&](const Json& run) { return mean_over_time(run, "train_error", contest.until); })),
        percent_text(each(entrant.runs, [&](const Json& run) {
          return last_value(run, "test_error", contest.until);
        }))};
    for (const double target : contest.targets) row.push_back(time_text(entrant, target));
    row.push_back(
        number(mean_of([&](const Json& run) { return last_value(run, "update", contest.until); })));
    row.push_back(
        number(mean_of([](const Json& run) { return run.at("staleness_mean").get<double>(); }), 3));
    section.rows.push_back(std::move(row));
  }
  section.pictures = {draw_variant(contest, variant, entrants)};
  return section;
}

}  // namespace

Chapter contest_chapter(const Contest& contest, const Results& results) {
  Chapter chapter;
  for (const std::string& variant : contest.variants) {
    const std::vector<Entrant> entrants = entrants_of(contest, variant, results);
    if (entrants.front().runs.empty()) continue;
    chapter.sections.push_back(variant_section(contest, variant, entrants));
    add_claims(chapter, contest, variant, entrants);
  }
  return chapter;
}

}  // namespace syncline::repro
