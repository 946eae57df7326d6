#include "field/bridge_claims.hpp"
#include "field/bridge_runs.hpp"
#include "studies.hpp"
#include "words.hpp"

namespace syncline::repro {
namespace {

constexpr const char* original =
    R"(BRIDGE (Fang, Yang, Bajwa, arXiv 1908.08098) is descent over a graph without a server in which
every node screens its neighbours' models, because some may be faulty. Its authors' experiment: softmax
regression over 20 nodes on a random graph, two of which send models of numbers uniform on (-1, 0).
Plain decentralised descent is ruined; screened it loses little.)";

constexpr const char* settings =
    R"(Fashion-MNIST, softmax regression with lambda = 0.01, 20 nodes with 3,000 samples each
(`shards`), random graph with p = 0.5 redrawn until every node has the neighbours that its screen
needs, b = 2, nodes 0 and 1 faulty, batch 128, 200 rounds, rho = 0.05 falling along a cosine to 0.001.
DGD has uniform weights. The seed is that of run and graph. The authors take MNIST, full gradients
and Adam's steps; these settings are ours. After ± stands one standard error; bands show one, whiskers two.)";

/// A row for each fault, a column for each mixing.
Section table(const Results& results, const std::string& heading, const std::string& text,
              std::vector<double> NodeScores::*values) {
  Section section{.heading = heading, .text = text};
  section.columns = {"two nodes send"};
  for (const Mixing& mixing : mixings_of_bridge()) section.columns.push_back(mixing.title);
  for (const Fault& fault : faults_of_bridge()) {
    std::vector<std::string> row = {fault.title};
    for (const Mixing& mixing : mixings_of_bridge()) {
      const auto scores = scores_of(results, mixing, fault);
      row.push_back(!scores            ? "-"
                    : scores->diverged ? "diverged"
                                       : with_error(summarise((*scores).*values)));
    }
    section.rows.push_back(std::move(row));
  }
  return section;
}

Json curves_of(const Results& results, const Fault& fault) {
  std::vector<Series> series;
  for (const Mixing& mixing : mixings_of_bridge()) {
    const auto scores = scores_of(results, mixing, fault);
    if (scores && !scores->diverged) series.push_back({mixing.title, mixing.color, scores->curve});
  }
  return curves_panel(fault.title, {.label = "rounds"},
                      {.label = "test accuracy, honest nodes", .percent = true, .domain = {{0, 1}}},
                      series);
}

Json bars_of(const Results& results, const Fault& fault) {
  std::vector<Bar> bars;
  for (const Mixing& mixing : mixings_of_bridge()) {
    const auto scores = scores_of(results, mixing, fault);
    if (!scores) continue;
    Bar bar{.name = mixing.title, .color = mixing.color, .text = "diverged"};
    if (!scores->diverged) {
      const Summary summary = summarise(scores->mean);
      bar.value = summary.mean;
      bar.low = summary.mean - 2 * summary.standard_error;
      bar.high = summary.mean + 2 * summary.standard_error;
      bar.text = with_error(summary);
    }
    bars.push_back(std::move(bar));
  }
  return bars_panel(fault.title, "test accuracy, %", bars);
}

Chapter chapter(const Results& results) {
  Section mean = table(results, "The mean of the honest nodes",
                       "Test accuracy in percent, full test set, after the last round. Two NaN "
                       "models end DGD in the first rounds; the screens leave such models out.",
                       &NodeScores::mean);
  std::vector<Json> curves, attacks;
  for (const char* fault : {"none", "uniform"}) {
    if (Json panel = curves_of(results, fault_named(fault)); !panel.at("series").empty()) {
      curves.push_back(std::move(panel));
    }
  }
  for (const Fault& fault : faults_of_bridge()) {
    if (Json panel = bars_of(results, fault); !panel.at("bars").empty()) {
      attacks.push_back(std::move(panel));
    }
  }
  if (!curves.empty()) {
    mean.pictures.push_back(picture(
        "field-bridge", "Test accuracy against rounds",
        "Honest models: all but Krum and the median rise together. Two nodes that send "
        "uniform numbers: DGD falls back to guessing; trimmed mean, median and Bulyan rise.",
        2, std::move(curves)));
  }
  if (!attacks.empty()) {
    mean.pictures.push_back(picture(
        "field-bridge-attacks", "Test accuracy by what two nodes of twenty send",
        "The bars of the table below, a panel for each of its rows.", 2, std::move(attacks)));
  }
  Section worst =
      table(results, "The honest node that stands worst",
            "The mean over the seeds of its accuracy: no honest node is left behind where the mean "
            "is good.",
            &NodeScores::worst);
  const Section unstable{
      .heading = "Why Krum and the median can fail among honest nodes",
      .text =
          "Both average next to nothing: Krum copies one model, the median one value for each "
          "coordinate. A node then subtracts from the copy the gradient at its own old model, "
          "which is another point: a likely reason why rho = 0.05 is too large for them on some "
          "seeds. Hence the wide intervals, and an attack can even look like a help. At rho = "
          "0.01 both are as good as the others."};
  return {.sections = {std::move(mean), std::move(worst), unstable},
          .claims = bridge_claims(results)};
}

}  // namespace

Study field_bridge() {
  return {.id = "field-bridge",
          .title = "Nodes without a server, two of them faulty: BRIDGE",
          .original = original,
          .settings = settings,
          .seeds = "1 to 5",
          .parts = bridge_parts,
          .chapter = chapter};
}

}  // namespace syncline::repro
