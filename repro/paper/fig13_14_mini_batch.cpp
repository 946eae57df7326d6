#include "curves.hpp"
#include "record.hpp"
#include "retiming.hpp"
#include "studies.hpp"
#include "syncline/theory.hpp"
#include "verdict.hpp"
#include "words.hpp"

namespace syncline::repro {
namespace {

constexpr std::uint32_t workers = 4;
constexpr std::uint64_t sizes[] = {32, 128, 256};
constexpr int colors[] = {color::k2, color::k4, color::k8};
constexpr double end = 5000;

/// X = m / 128 + an exponential part of this mean.
std::string delay(std::uint64_t m, double straggling) {
  const double work = static_cast<double>(m) / 128;
  if (straggling == 0) return "constant(value=" + rounded(work).dump() + ")";
  return "shifted-exponential(shift=" + rounded(work).dump() +
         ", rate=" + rounded(1 / straggling).dump() + ")";
}

Trial trial(std::size_t i, Scale scale) {
  const std::string m = std::to_string(sizes[i]);
  Trial trial{"m-" + m, "m = " + m, colors[i], {}};
  RunConfig& config = trial.config;
  config.policy = "sync";
  config.fleet.workers = workers;
  config.fleet.delay = delay(sizes[i], 1);
  config.model.workload = "lenet";
  config.model.data = "cifar10";
  config.model.batch = sizes[i];
  config.optimizer.step_size = 0.2;
  config.stop.time = scale == Scale::full ? end : 50;
  config.stop.evaluate_every = scale == Scale::full ? 100 : 10;
  return trial;
}

std::vector<Trial> trials(Scale scale = Scale::full) {
  return {trial(0, scale), trial(1, scale), trial(2, scale)};
}

std::vector<Run> runs(Scale scale) {
  return seed_by_seed(trials(scale), scale == Scale::full ? 5 : 2);
}

/// Over the whole run, as an area under the curve.
Measure over_time(const char* metric) {
  return [=](const Json& record) { return mean_over_time(record, metric, end); };
}

/// Over the last quarter of the runs.
Measure in_the_end(const char* metric) {
  return [=](const Json& record) { return mean_between(record, "time", 0.75 * end, end, metric); };
}

/// Over the last fifth of the updates up to there.
Measure around(double updates, const char* metric) {
  return [=](const Json& record) {
    return mean_between(record, "update", 0.8 * updates, updates, metric);
  };
}

Measure in_percent(const Measure& measure) {
  return [=](const Json& record) { return 100 * measure(record); };
}

std::string percent_text(const Results& results, const Trial& trial, const Measure& measure) {
  return mean_text(results, trial, in_percent(measure)) + " %";
}

double updates(const Json& record) { return record.at("updates").get<double>(); }

Picture draw(const Results& results, const std::string& name, const std::string& title,
             const std::string& summary, const char* along, const char* label) {
  std::vector<Json> panels;
  const Axis error{.label = "error", .log = true, .percent = true};
  panels.push_back(curves_panel("Training loss", {.label = label},
                                {.label = "training loss", .log = true},
                                mean_series(results, trials(), along, "train_loss")));
  panels.push_back(curves_panel("Test error", {.label = label}, error,
                                mean_series(results, trials(), along, "test_error")));
  return picture(name, title, summary, 2, std::move(panels));
}

bool any(const Results& results) {
  return !mean_series(results, trials(), "time", "train_loss").empty();
}

Section updates_section(const Results& results) {
  Section section;
  section.heading = "Figure 13: against updates";
  section.text =
      "An update of full sync averages 4 m samples, so a larger m has less noise. From 32 to 128 "
      "that is much: m = 128 is after 800 updates where m = 32 is after 1200. From 128 to 256 it "
      "is "
      "little: averaged over 1200 updates the two can be told apart, at single numbers of updates "
      "five seeds do not suffice.";
  section.columns = {"", "training loss around 400 updates", "800", "1200",
                     "test error around 1200"};
  for (const Trial& trial : trials()) {
    std::vector<std::string> row = {trial.title};
    for (const double updates : {400.0, 800.0, 1200.0}) {
      row.push_back(mean_text(results, trial, around(updates, "train_loss")));
    }
    row.push_back(percent_text(results, trial, around(1200, "test_error")));
    section.rows.push_back(std::move(row));
  }
  if (any(results)) {
    section.pictures = {draw(results, "fig13-mini-batch-updates",
                             "Full sync with three mini-batch sizes, against updates",
                             "Training loss and test error of full sync with m = "
                             "32, 128 and 256 against updates: the larger m, the lower.",
                             "update", "updates")};
  }
  return section;
}

Section time_section(const Results& results) {
  Section section;
  section.heading = "Figure 14: against time";
  section.text =
      "An update takes m/128 + H_4: 2.33, 3.08 and 4.08 time units. m = 32 makes the most updates, "
      "but noisy ones; m = 256 makes the fewest, which are hardly better than those of m = 128. So "
      "m = 128 is ahead. On the test split its lead is smaller: a larger m sees each picture more "
      "often (column \"epochs\") and begins to learn them by heart. In the last quarter it is "
      "within what chance "
      "explains.";
  section.columns = {"",
                     "time per update",
                     "updates",
                     "epochs",
                     "training loss over time",
                     "in the last quarter",
                     "training error over time",
                     "test error over time",
                     "in the last quarter",
                     "at the end, full split"};
  for (std::size_t i = 0; i < std::size(sizes); ++i) {
    const Trial trial = trials()[i];
    section.rows.push_back(
        {trial.title, number(update_time(trial.config)), mean_text(results, trial, updates),
         mean_text(results, trial,
                   [&](const Json& record) {
                     return updates(record) * static_cast<double>(workers * sizes[i]) / 50000;
                   }),
         mean_text(results, trial, over_time("train_loss")),
         mean_text(results, trial, in_the_end("train_loss")),
         percent_text(results, trial, over_time("train_error")),
         percent_text(results, trial, over_time("test_error")),
         percent_text(results, trial, in_the_end("test_error")),
         percent_text(results, trial, [](const Json& record) {
           return record.at("final").at("test_error").get<double>();
         })});
  }
  if (any(results)) {
    section.pictures = {draw(results, "fig14-mini-batch-time",
                             "Full sync with three mini-batch sizes, against time",
                             "Training loss and test error of full sync with m = "
                             "32, 128 and 256 against time.",
                             "time", "time")};
  }
  return section;
}

const std::vector<double> all_straggling = {0, 0.1, 0.25, 0.5, 1, 2, 5};

double update_time(std::size_t i, double straggling) {
  const DelayProfile fleet = DelayProfile::parse(delay(sizes[i], straggling), workers);
  return runtime_per_update({VariantFamily::k_sync, workers}, fleet).value;
}

/// In units of an update of the middle m.
Delays delays(double straggling) {
  Delays delays{number(straggling), {}};
  for (std::size_t i = 0; i < std::size(sizes); ++i) {
    delays.update_times.push_back(update_time(i, straggling) / update_time(1, straggling));
  }
  return delays;
}

double loss_after(const Json& record, double updates) {
  return around(updates, "train_loss")(record);
}

std::vector<Path> paths() {
  std::vector<Path> paths;
  for (const Trial& trial : trials()) paths.push_back({trial});
  return paths;
}

Section straggling_section(const Results& results) {
  Section section;
  section.heading = "How much straggling does it take?";
  section.text =
      "Full sync uses every gradient, so after j updates the weights are the same whatever the "
      "delays, "
      "but for rounding; the delays decide when that is. So the runs above also tell which m would "
      "be ahead under another exponential part. A row is for training as long as that many updates "
      "of m = 128 take; a cell is without colour where the lead is within what chance explains, "
      "and "
      "empty where a run is not long enough. With little straggling an update costs in proportion "
      "to m, and m = 32 is best. With more of it the price of a larger m falls, and the longer one "
      "trains, the more noise matters: m = 128 comes to the front. Nowhere in the picture is m = "
      "256 ahead beyond doubt.";
  section.columns = {"mean of the exponential part", "E T for m = 32", "m = 128", "m = 256"};
  std::vector<Delays> columns;
  for (const double straggling : all_straggling) {
    columns.push_back(delays(straggling));
    std::vector<std::string> row = {number(straggling)};
    for (std::size_t i = 0; i < std::size(sizes); ++i) {
      row.push_back(number(update_time(i, straggling)));
    }
    section.rows.push_back(std::move(row));
  }
  Grid grid = best_at(results, paths(), loss_after, columns, {200, 400, 800, 1200, 1600});
  if (grid.cells.empty()) return section;
  grid.x_label = "mean of the exponential part";
  grid.y_label = "updates of m = 128";
  section.pictures = {picture("fig14-mini-batch-straggling",
                              "The best m, for more and less straggling",
                              "Which m has the lowest training loss, for exponential parts of mean "
                              "0 to 5 and training as long as 200 to 1600 updates of m = 128.",
                              1, {grid_panel("", grid)})};
  return section;
}

/// Whether m = 32 is ahead if nobody straggles, after as long as 400 updates of m = 128 take.
std::optional<Verdict> smallest_without_straggling(const Results& results) {
  std::vector<double> updates;
  for (const double time : delays(0).update_times) updates.push_back(400 / time);
  const auto losses = after_updates(results, paths(), updates, loss_after);
  const auto best = lowest(losses);
  if (!best) return std::nullopt;
  Verdict verdict{best->index == 0 && best->clear, "training loss"};
  for (std::size_t i = 0; i < std::size(sizes); ++i) {
    verdict.evidence += (i == 0 ? " " : "; ") + trials()[i].title + ", " + number(updates[i]) +
                        " updates, " + with_error(summarise(losses[i]));
  }
  return verdict;
}

void add_claims(Chapter& chapter, const Results& results) {
  const auto all = trials();
  const Measure by_update = [](const Json& record) {
    return mean_between(record, "update", 0, 1200, "train_loss");
  };
  const auto middle = [&](const Measure& measure) {
    return is_lowest(results, all[1], {all[0], all[2]}, measure);
  };
  add_claim(chapter,
            "Update by update, a larger m is better: training loss averaged over 1200 updates",
            "paper",
            all_of({{"128 and 256", is_lowest(results, all[2], {all[1]}, by_update)},
                    {"32 and 128", is_lowest(results, all[1], {all[0]}, by_update)}}));
  add_claim(chapter, "In time, the middle m is best: training loss averaged over time", "paper",
            middle(over_time("train_loss")));
  add_claim(chapter, "In time, the middle m is best: training loss in the last quarter", "paper",
            middle(in_the_end("train_loss")));
  add_claim(chapter, "In time, the middle m is best: test error (%) averaged over time", "here",
            middle(in_percent(over_time("test_error"))));
  add_claim(chapter, "In time, the middle m is best: test error (%) in the last quarter", "here",
            middle(in_percent(in_the_end("test_error"))), false);
  add_claim(
      chapter,
      "Without straggling the smallest m would be best, after the time of 400 updates of m = 128",
      "here", smallest_without_straggling(results));
}

Chapter chapter(const Results& results) {
  Chapter chapter;
  chapter.sections = {updates_section(results), time_section(results), straggling_section(results)};
  add_claims(chapter, results);
  return chapter;
}

}  // namespace

Study fig13_14_mini_batch() {
  return {
      .id = "fig13-14-mini-batch",
      .title = "Figures 13 and 14: full sync with three mini-batch sizes",
      .original =
          "The paper's Figures 13 and 14 show full sync with mini-batches of m = 256, 1024 and "
          "2048 "
          "against updates (30,000) and against time (40,000): AlexNet on ImageNet, P = 4, X = m + "
          "exp(mu). mu, the unit of m and the step size are not stated. The claim: a larger m is "
          "better per update, and m = 1024 is best in time.",
      .settings =
          "The LeNet-type CNN (62,006 parameters) on CIFAR-10, 4 workers, full sync, m = 32, 128 "
          "and "
          "256: the paper's ratios, an eighth of its sizes. A gradient takes X = m/128 + exp(1), "
          "at "
          "the middle m the law 1 + exp(1) of Figures 5 and 6, so computing (1) and waiting for "
          "the "
          "slowest of 4 (H_4 = 2.08) are of one order. Step size 0.2 for all: of 0.05, 0.1 and 0.2 "
          "the one with the lowest training loss for each m, in trial runs of one seed to time "
          "2000. "
          "Runs last until time 5000 and are evaluated every 100. A single evaluation has the "
          "noise "
          "of the last mini-batches in it, so the tables average: over the last quarter of the "
          "time, "
          "or over the last fifth of the updates up to the number named.",
      .seeds = "1 to 5",
      .runs = runs,
      .chapter = chapter};
}

}  // namespace syncline::repro
