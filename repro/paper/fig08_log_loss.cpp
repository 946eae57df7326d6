#include <cmath>

#include "curves.hpp"
#include "mnist_softmax.hpp"
#include "pixels.hpp"
#include "studies.hpp"
#include "verdict.hpp"
#include "words.hpp"

namespace syncline::repro {
namespace {

constexpr double eta = 0.01;

double logarithm(double loss) { return std::log(loss); }

Trial trial(const std::string& policy, const std::string& title, int color, double interval,
            Pixels pixels, Scale scale) {
  const bool paper = pixels == Pixels::paper;
  Trial trial{policy.substr(0, policy.find('(')) + (paper ? "" : "-our-pixels"), title, color,
              mnist_softmax(eta, pixels)};
  trial.config.policy = policy;
  trial.config.stop.updates = scale == Scale::full ? 500 : 100;
  trial.config.stop.evaluate_every = interval;
  return trial;
}

/// Sync, K-batch-async, async. Every interval divides the longest, so they share instants.
std::vector<Trial> trials(Pixels pixels, Scale scale = Scale::full) {
  return {trial("sync", "sync", color::sync, 25, pixels, scale),
          trial("k-batch-async(k=4)", "K-batch-async", color::k_batch_async, 5, pixels, scale),
          trial("async", "async", color::async, 1.25, pixels, scale)};
}

std::vector<Run> runs(Scale scale) {
  std::vector<Trial> all = trials(Pixels::paper, scale);
  for (const Trial& trial : trials(Pixels::ours, scale)) all.push_back(trial);
  return seed_by_seed(all, scale == Scale::full ? 20 : 2);
}

Measure log_loss_at(double time) {
  return [=](const Json& record) { return std::log(value_at(record, "time", time, "train_loss")); };
}

double last_log_loss(const Json& record) {
  return std::log(record.at("curve").at("train_loss").back().get<double>());
}

double end_time(const Json& record) { return record.at("elapsed").get<double>(); }

std::vector<Json> panels(const Results& results, const std::string& title, Pixels pixels) {
  const auto series = mean_series(results, trials(pixels), "time", "train_loss", logarithm);
  if (series.empty()) return {};
  const Axis loss{.label = "ln of the training loss"};
  return {curves_panel(title, {.label = "time"}, loss, series),
          curves_panel(title + ", the first 100", {.label = "time", .domain = {{0, 100}}}, loss,
                       series)};
}

Section section(const Results& results, const std::string& heading, Pixels pixels,
                const std::string& name) {
  Section section;
  section.heading = heading;
  section.columns = {"",
                     "time per update (theory)",
                     "time of all updates",
                     "at 25",
                     "at 50",
                     "at 100",
                     "at 225",
                     "at the end"};
  for (const Trial& trial : trials(pixels)) {
    std::vector<std::string> row = {trial.title, number(update_time(trial.config)),
                                    mean_text(results, trial, end_time)};
    for (const double time : {25.0, 50.0, 100.0, 225.0}) {
      row.push_back(mean_text(results, trial, log_loss_at(time)));
    }
    row.push_back(mean_text(results, trial, last_log_loss));
    section.rows.push_back(std::move(row));
  }
  auto drawn = panels(results, heading, pixels);
  if (!drawn.empty()) {
    section.pictures = {picture(name, "Logarithm of the training loss against time",
                                "Logarithm of the training loss against time for sync, "
                                "K-batch-async and async, the whole runs and the first 100 time "
                                "units; mean and standard error over the seeds.",
                                2, std::move(drawn))};
  }
  return section;
}

/// Whether the updates took as long as theory says.
std::optional<Verdict> ends_on_time(const Results& results) {
  std::vector<std::pair<std::string, std::optional<Verdict>>> parts;
  for (const Trial& trial : trials(Pixels::paper)) {
    const auto times = by_seed(results, {trial}, end_time).front();
    const double updates =
        times.empty() ? 0 : seeds_of(results, trial.key).front()->at("updates").get<double>();
    parts.emplace_back(trial.title, agrees(times, updates * update_time(trial.config)));
  }
  return all_of(parts);
}

std::optional<Verdict> starts_at_ln_ln_10(const Results& results) {
  const auto values = by_seed(results, trials(Pixels::paper), log_loss_at(0)).front();
  if (values.empty()) return std::nullopt;
  const double expected = std::log(std::log(10.0)), mean = summarise(values).mean;
  return Verdict{std::abs(mean - expected) < 0.01,
                 number(mean, 3) + ", ln ln 10 = " + number(expected, 3)};
}

/// Whether one is below the others at each of these times.
std::optional<Verdict> lowest_at(const Results& results, std::initializer_list<double> times,
                                 const Trial& low, const std::vector<Trial>& others) {
  std::vector<std::pair<std::string, std::optional<Verdict>>> parts;
  for (const double time : times) {
    parts.emplace_back("at " + number(time), is_lowest(results, low, others, log_loss_at(time)));
  }
  return all_of(parts);
}

void add_claims(Chapter& chapter, const Results& results) {
  const auto paper = trials(Pixels::paper), ours = trials(Pixels::ours);
  const Trial &sync = paper[0], &batch = paper[1], &async = paper[2];
  add_claim(chapter, "All curves start at ln ln 10 = 0.834, to within 0.01", "paper",
            starts_at_ln_ln_10(results));
  add_claim(chapter,
            "The runs end near 1350 (sync), 250 (K-batch-async) and 62 (async): 500 H_8, 500 x 4/8 "
            "and 500/8, within three standard errors",
            "paper", ends_on_time(results));
  add_claim(chapter, "As long as async runs, its loss is the lowest", "paper",
            lowest_at(results, {25, 50}, async, {batch, sync}));
  add_claim(chapter, "As long as K-batch-async runs, its loss is below that of sync", "paper",
            lowest_at(results, {25, 100, 225}, batch, {sync}));
  add_claim(chapter, "After 500 updates each, async ends above the other two: a higher floor",
            "paper",
            all_of({{"sync", is_lowest(results, sync, {async}, last_log_loss)},
                    {"K-batch-async", is_lowest(results, batch, {async}, last_log_loss)}}));
  add_claim(chapter,
            "With eta = 0.01 on pixels of deviation 1, K-batch-async is below async from the start",
            "here", lowest_at(results, {5, 25, 50}, ours[1], {ours[2]}));
}

Chapter chapter(const Results& results) {
  Chapter chapter;
  Section paper = section(results, "With the paper's pixels", Pixels::paper, "fig08-log-loss");
  paper.text =
      "An update of sync waits for the slowest of 8 workers and takes 21.7 times as long as one of "
      "async. Update by update it is only a little better, so in time it is hopelessly behind. "
      "K-batch-async, whose updates average 4 gradients, stands between: slower than async at "
      "first, and with less noise in the end.";
  Section ours = section(results, "With the paper's numbers on our pixels", Pixels::ours,
                         "fig08-log-loss-our-pixels");
  ours.text =
      "The same eta = 0.01, lambda = 0.01 and start on pixels of mean 0 and deviation 1 are "
      "another "
      "experiment, with steps ten times as large. " +
      scale_sentence(results.computed) +
      "The translation divides both by 10.5. Without it single gradients overshoot: the loss of "
      "async, which applies them one by one, first rises and then stops falling at a high floor. "
      "Here it pays to average.";
  chapter.sections = {std::move(paper), std::move(ours)};
  add_claims(chapter, results);
  return chapter;
}

}  // namespace

Study fig08_log_loss() {
  return {
      .id = "fig08-log-loss",
      .title = "Figure 8: logarithm of the loss against time",
      .original =
          "The paper's Figure 8 shows the natural logarithm of the training loss against time "
          "for sync, async and K-batch-async: softmax regression on MNIST, exp(1), P = 8, K = 4, "
          "eta = 0.01, one sample per gradient, lambda = 0.01. The number of updates is not "
          "stated; the curves end near 1350, 62 and 250, which are 500 updates each. The pixels' "
          "scale and the number of runs are not stated either.",
      .settings =
          "Softmax regression with penalty on MNIST, 8 workers, exp(1), one sample per gradient, "
          "K = 4, 500 updates. " +
          translation(eta) +
          " The same is run with the paper's numbers as they stand. Losses are those of "
          "2,000 fixed training samples, penalty included.",
      .seeds = "1 to 20",
      .runs = runs,
      .compute = [](Scale, const Progress&) { return input_scale("mnist"); },
      .chapter = chapter};
}

}  // namespace syncline::repro
