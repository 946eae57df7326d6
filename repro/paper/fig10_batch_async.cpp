#include "curves.hpp"
#include "mnist_softmax.hpp"
#include "studies.hpp"
#include "verdict.hpp"
#include "words.hpp"

namespace syncline::repro {
namespace {

constexpr double eta = 0.01;

Trial trial(const std::string& key, const std::string& title, int color, Scale scale) {
  Trial trial{key, title, color, mnist_softmax(eta, Pixels::paper)};
  trial.config.policy = key + "(k=4)";
  trial.config.stop.time = scale == Scale::full ? 300 : 60;
  trial.config.stop.evaluate_every = 6;
  return trial;
}

/// K-batch-async, K-async.
std::vector<Trial> trials(Scale scale = Scale::full) {
  return {trial("k-batch-async", "K-batch-async", color::k_batch_async, scale),
          trial("k-async", "K-async", color::k_async, scale)};
}

std::vector<Run> runs(Scale scale) {
  return seed_by_seed(trials(scale), scale == Scale::full ? 20 : 2);
}

double time_per_update(const Json& record) {
  return record.at("elapsed").get<double>() / record.at("updates").get<double>();
}

std::vector<std::vector<std::string>> rows(const Results& results) {
  std::vector<std::vector<std::string>> table;
  for (const Trial& trial : trials()) {
    std::vector<std::string> row = {
        trial.title, number(update_time(trial.config)), mean_text(results, trial, time_per_update),
        mean_text(results, trial, [](const Json& run) { return run.at("staleness_mean"); }),
        mean_text(results, trial, [](const Json& run) {
          return 100 * run.at("idle_fraction").get<double>();
        }) + " %"};
    for (const double time : {60.0, 150.0, 300.0}) {
      row.push_back(mean_text(results, trial, loss_at("time", time)));
    }
    row.push_back(mean_text(results, trial, loss_at("update", 400)));
    table.push_back(std::move(row));
  }
  return table;
}

Section figure(const Results& results) {
  Section section;
  section.text =
      "K-async lets a worker that has pushed wait for the update; K-batch-async sends it off again "
      "at "
      "once. For exponential times that makes (P/K)(H_P - H_(P-K)) = 1.27 times as many updates "
      "per unit of time (Theorem 2). Gradients are 1.75 versions old on average instead of 1, and "
      "several of the same version may come from one worker. At this step size that costs nothing "
      "that could be measured: update by update the two curves lie on each other, and in time "
      "K-batch-async is ahead.";
  section.columns = {
      "",       "time per update (theory)", "measured", "staleness", "idle", "loss at 60", "at 150",
      "at 300", "after 400 updates"};
  section.rows = rows(results);
  const Axis loss{.label = "training loss", .log = true};
  const auto by_time = mean_series(results, trials(), "time", "train_loss");
  if (by_time.empty()) return section;
  section.pictures = {picture(
      "fig10-batch-async", "Training loss against time and against updates",
      "Training loss of K-async and K-batch-async. Against time K-batch-async is lower throughout; "
      "against updates the two coincide.",
      2,
      {curves_panel("In time", {.label = "time"}, loss, by_time),
       curves_panel("Update by update", {.label = "updates"}, loss,
                    mean_series(results, trials(), "update", "train_loss"))})};
  return section;
}

/// Whether the 95 % interval of the difference is within 1 % of the loss.
std::optional<Verdict> nearly_equal(const Results& results) {
  Verdict verdict{true, ""};
  for (const double updates : {100.0, 200.0, 400.0}) {
    const auto losses = by_seed(results, trials(), loss_at("update", updates));
    const auto above = difference(losses[1], losses[0]);
    if (!above) return std::nullopt;
    const double loss = summarise(losses[0]).mean;
    verdict.holds = verdict.holds && above->upper < 0.01 * loss && above->lower > -0.01 * loss;
    verdict.evidence += (verdict.evidence.empty() ? "" : "; ") + number(updates) +
                        " updates: " + percent(above->mean / loss, 2) + " (" +
                        percent(above->lower / loss, 2) + " to " + percent(above->upper / loss, 2) +
                        ")";
  }
  return verdict;
}

Chapter chapter(const Results& results) {
  Chapter chapter;
  chapter.sections = {figure(results)};
  const auto all = trials();
  add_claim(chapter, "In time, the loss of K-batch-async is below that of K-async", "paper",
            all_of({{"at 60", is_lowest(results, all[0], {all[1]}, loss_at("time", 60))},
                    {"at 150", is_lowest(results, all[0], {all[1]}, loss_at("time", 150))},
                    {"at 300", is_lowest(results, all[0], {all[1]}, loss_at("time", 300))}}));
  const auto times = by_seed(results, all, time_per_update);
  std::vector<double> ratios;
  for (std::size_t i = 0; i < times[0].size(); ++i) ratios.push_back(times[1][i] / times[0][i]);
  add_claim(
      chapter,
      "K-batch-async makes (P/K)(H_P - H_(P-K)) = 1.27 times as many updates per unit of time "
      "(Theorem 2), within three standard errors",
      "paper", agrees(ratios, update_time(all[1].config) / update_time(all[0].config)));
  add_claim(chapter, "After as many updates, the losses differ by less than 1 %", "here",
            nearly_equal(results));
  return chapter;
}

}  // namespace

Study fig10_batch_async() {
  return {.id = "fig10-batch-async",
          .title = "Figure 10: K-async against K-batch-async",
          .original =
              "The paper's Figure 10 shows the loss of K-async and K-batch-async against time: "
              "softmax regression on MNIST, exp(1). P, K and the step size are not stated.",
          .settings =
              "As in [Figure 8](fig08-log-loss.md): softmax regression on MNIST, P = "
              "8, K = 4, exp(1), "
              "one sample per gradient, eta = 0.01. P, K and eta are our choice, the same as in "
              "Figure 8. Runs last "
              "300 time units: 600 updates of K-batch-async. " +
              translation(eta),
          .seeds = "1 to 20",
          .runs = runs,
          .chapter = chapter};
}

}  // namespace syncline::repro
