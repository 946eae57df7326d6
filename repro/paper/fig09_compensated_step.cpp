#include <algorithm>

#include "pixels.hpp"
#include "record.hpp"
#include "step_cuts.hpp"
#include "studies.hpp"
#include "verdict.hpp"
#include "words.hpp"

namespace syncline::repro {
namespace {

constexpr double eta = 0.01;
constexpr double limit = 0.005;  ///< C / eta_max: the squared distance beyond which steps are cut
constexpr double spike = 0.1;    ///< a rise of the loss by more than this between evaluations

/// Of the grey pixels: what the translation of Figure 8's page would divide them by.
constexpr double deviation = 0.24;

struct Step {
  double size = 0;
  double limit = 0;  ///< 0: fixed
};

Trial trial(const std::string& key, const std::string& title, int color, const Step& step,
            Scale scale) {
  Trial trial{key, title, color, {}};
  RunConfig& config = trial.config;
  config.policy = "async";
  config.fleet.workers = 40;
  config.fleet.delay = "exponential(rate=20)";
  config.model.workload = "softmax(lambda=0.05, init=0.01)";
  config.model.data = "cifar10-grey";
  config.model.batch = 250;
  config.optimizer.step_size = step.size;
  if (step.limit > 0) {
    config.optimizer.rule = "staleness(c=" + rounded(step.size * step.limit).dump() + ")";
  }
  config.stop.updates = scale == Scale::full ? 2000 : 200;
  return trial;
}

/// The paper's two.
std::vector<Trial> paper_trials(Scale scale = Scale::full) {
  return {trial("compensated", "compensated, at most 0.01", 1, {eta, limit}, scale),
          trial("fixed", "fixed, 0.01", color::async, {eta}, scale)};
}

std::vector<Trial> smaller_trials(Scale scale = Scale::full) {
  return {trial("fixed-0.005", "fixed, 0.005", 3, {0.005}, scale),
          trial("fixed-0.0025", "fixed, 0.0025", 4, {0.0025}, scale),
          trial("fixed-0.00125", "fixed, 0.00125", 0, {0.00125}, scale)};
}

/// The settings translated as on the page of Figure 8.
std::vector<Trial> translated_trials(Scale scale = Scale::full) {
  constexpr double square = deviation * deviation;
  std::vector<Trial> trials = {trial("compensated-translated", "compensated, translated", 1,
                                     {rounded(eta * square).get<double>(), limit * square}, scale),
                               trial("fixed-translated", "fixed, translated", color::async,
                                     {rounded(eta * square).get<double>()}, scale)};
  for (Trial& trial : trials) {
    trial.config.model.workload = "softmax(lambda=" + rounded(0.05 / square).dump() +
                                  ", init=" + rounded(0.01 * deviation).dump() + ")";
  }
  return trials;
}

std::vector<Run> runs(Scale scale) {
  std::vector<Trial> all = paper_trials(scale);
  for (const auto& more : {smaller_trials(scale), translated_trials(scale)}) {
    all.insert(all.end(), more.begin(), more.end());
  }
  return seed_by_seed(all, scale == Scale::full ? 10 : 2);
}

Json compute(Scale scale, const Progress& progress) {
  Json json;
  json["inputs"] = input_scale("cifar10-grey");
  for (const Trial& trial : paper_trials(scale)) {
    json[trial.key] = Json::array();
    for (std::uint64_t seed = 1; seed <= (scale == Scale::full ? 5 : 1); ++seed) {
      RunConfig config = trial.config;
      config.seed = seed;
      config.threads = 1;
      json[trial.key].push_back(step_cuts(config, limit, progress));
    }
  }
  return json;
}

const Json& losses(const Json& record) { return record.at("curve").at("train_loss"); }

/// Rises by more than `spike` from one evaluation to the next, 20 updates later.
double spikes(const Json& record) {
  double count = 0;
  for (std::size_t i = 1; i < losses(record).size(); ++i) {
    if (losses(record)[i].get<double>() - losses(record)[i - 1].get<double>() > spike) ++count;
  }
  return count;
}

double largest_rise(const Json& record) {
  double largest = 0;
  for (std::size_t i = 1; i < losses(record).size(); ++i) {
    largest =
        std::max(largest, losses(record)[i].get<double>() - losses(record)[i - 1].get<double>());
  }
  return largest;
}

/// After the first quarter.
double largest_loss(const Json& record) {
  double largest = 0;
  for (std::size_t i = losses(record).size() / 4; i < losses(record).size(); ++i) {
    largest = std::max(largest, losses(record)[i].get<double>());
  }
  return largest;
}

/// Over the last quarter.
double late_loss(const Json& record) {
  const auto updates = record.at("updates").get<double>();
  return mean_between(record, "update", 0.75 * updates, updates, "train_loss");
}

double late_error(const Json& record) {
  const auto updates = record.at("updates").get<double>();
  return 100 * mean_between(record, "update", 0.75 * updates, updates, "test_error");
}

std::vector<std::vector<std::string>> rows(const Results& results,
                                           const std::vector<Trial>& trials) {
  std::vector<std::vector<std::string>> table;
  for (const Trial& trial : trials) {
    table.push_back({trial.title, mean_text(results, trial, spikes),
                     mean_text(results, trial, largest_rise),
                     mean_text(results, trial, largest_loss), mean_text(results, trial, late_loss),
                     mean_text(results, trial, late_error) + " %"});
  }
  return table;
}

const std::vector<std::string> columns = {"step",
                                          "rises by more than 0.1",
                                          "largest rise",
                                          "largest loss after the first quarter",
                                          "loss in the last quarter",
                                          "test error in the last quarter"};

/// The curves of the first seed, where spikes are to be seen, and means.
std::vector<Picture> draw(const Results& results, const std::string& name, const std::string& title,
                          const std::vector<Trial>& trials) {
  std::vector<Series> first;
  for (const Trial& trial : trials) {
    Results one;
    const auto found = results.runs.find(trial.key + "-seed-1");
    if (found == results.runs.end()) continue;
    one.runs.insert(*found);
    for (Series& series : mean_series(one, {trial}, "update", "train_loss")) {
      first.push_back(std::move(series));
    }
  }
  const auto means = mean_series(results, trials, "update", "train_loss");
  if (first.empty()) return {};
  const Axis updates{.label = "updates"}, loss{.label = "training loss", .log = true};
  return {picture(name, title,
                  "Training loss against updates, one run and the mean over the seeds.", 2,
                  {curves_panel("One run (seed 1)", updates, loss, first),
                   curves_panel("Mean over the seeds", updates, loss, means)})};
}

/// "12.3 ± 0.4" of a figure that was computed for each seed.
std::string computed_text(const Json& runs, const char* what, double factor = 1) {
  std::vector<double> values;
  for (const Json& run : runs) values.push_back(factor * run.at(what).get<double>());
  return with_error(summarise(values));
}

Section figure(const Results& results) {
  Section section;
  section.text = "";
  section.columns = columns;
  section.rows = rows(results, paper_trials());
  section.pictures = draw(results, "fig09-compensated-step",
                          "Async with 40 workers: fixed and compensated step", paper_trials());
  return section;
}

Section cuts_section(const Results& results) {
  Section section;
  section.heading = "How often the step is cut";
  if (results.computed.is_null()) return section;
  section.text = "";
  section.columns = {"step", "median of the squared distance", "above 0.005",
                     "mean of step / 0.01"};
  for (const Trial& trial : paper_trials()) {
    const Json& runs = results.computed.at(trial.key);
    section.rows.push_back({trial.title, computed_text(runs, "distance"),
                            computed_text(runs, "cut", 100) + " %",
                            trial.key == "fixed" ? "1" : computed_text(runs, "factor")});
  }
  return section;
}

Section smaller_section(const Results& results) {
  Section section;
  section.heading = "Would a smaller fixed step do as well?";
  section.text = "";
  section.columns = columns;
  std::vector<Trial> trials = {paper_trials().front()};
  for (const Trial& trial : smaller_trials()) trials.push_back(trial);
  section.rows = rows(results, trials);
  section.pictures = draw(results, "fig09-smaller-steps",
                          "The compensated step against smaller fixed steps", trials);
  return section;
}

Section translated_section(const Results& results) {
  Section section;
  section.heading = "The scale of the pixels";
  section.text =
      scale_sentence(results.computed.is_null() ? Json() : results.computed.at("inputs"));
  section.columns = columns;
  section.rows = rows(results, translated_trials());
  return section;
}

void add_claims(Chapter& chapter, const Results& results) {
  const auto paper = paper_trials();
  add_claim(
      chapter,
      "The fixed step makes the loss spike, the compensated one does so less: number of rises "
      "by more than 0.1 between evaluations",
      "paper", is_lowest(results, paper[0], {paper[1]}, spikes));
  add_claim(chapter, "Largest loss after the first quarter: lower with the compensated step",
            "paper", is_lowest(results, paper[0], {paper[1]}, largest_loss));
  add_claim(chapter, "Loss in the last quarter: lower with the compensated step", "here",
            is_lowest(results, paper[0], {paper[1]}, late_loss));
  add_claim(chapter, "Loss in the last quarter: lower than with any smaller fixed step tried",
            "here", is_lowest(results, paper[0], smaller_trials(), late_loss));
}

Chapter chapter(const Results& results) {
  Chapter chapter;
  chapter.sections = {figure(results), cuts_section(results), smaller_section(results),
                      translated_section(results)};
  add_claims(chapter, results);
  return chapter;
}

}  // namespace

Study fig09_compensated_step() {
  return {
      .id = "fig09-compensated-step",
      .title = "Figure 9: a step size that makes up for staleness",
      .original =
          "The paper's Figure 9 shows the loss of async with a fixed step eta = 0.01 and with the "
          "schedule (13), min(C / ||w_now - w_read||², eta_max), eta_max = 0.01, C = 0.005 "
          "eta_max: "
          "softmax regression on grey CIFAR-10, lambda = 0.05, 40 workers, mini-batches of 250, X "
          "~ "
          "exp(20), 2000 updates. The claim: the fixed step makes the loss spike, the variable one "
          "keeps it smooth.",
      .settings = "",
      .seeds = "1 to 10",
      .runs = runs,
      .compute = compute,
      .chapter = chapter};
}

}  // namespace syncline::repro
