#include <algorithm>
#include <cmath>

#include "fig07_claims.hpp"
#include "fig07_runs.hpp"
#include "picture.hpp"
#include "studies.hpp"
#include "words.hpp"

namespace syncline::repro {
namespace {

using namespace fig07;

constexpr int colors[] = {1, 3, 4, 0};  ///< by place in trained_k

std::string name_of(int k) {
  if (k == 1) return "async (K = 1)";
  return k == workers ? "sync (K = 8)" : "K = " + std::to_string(k);
}

constexpr double theory_ends = 4000;

/// For a logarithmic axis of time, from 1 on.
Series bound_line(const std::string& name, int color, const ErrorCurve& curve, double until,
                  bool dashed = false) {
  constexpr int steps = 120;
  Series series{name, color, {}, "line", dashed};
  for (int i = 0; i <= steps; ++i) {
    const double t = std::pow(until, double(i) / steps);
    series.points.push_back({t, curve.at(t)});
  }
  return series;
}

Series envelope_line(const Json& computed) {
  std::vector<ErrorCurve> curves;
  for (std::uint64_t k = 1; k <= workers; ++k) curves.push_back(bound_of(computed, k));
  Series series{"the best K = 1 to 8", 7, {}, "line", true};
  for (const Point& point : bound_line("", 0, curves.front(), theory_ends).points) {
    double lowest = curves.front().at(point.x);
    for (const ErrorCurve& curve : curves) lowest = std::min(lowest, curve.at(point.x));
    series.points.push_back({point.x, lowest});
  }
  return series;
}

Series trained_line(const Json& computed, std::size_t place, const std::string& name) {
  const Json& run = computed.at("trained").at(place);
  Series series{name, colors[place], {}};
  for (std::size_t i = 1; i < computed.at("time").size(); ++i) {
    const double mean = run.at("mean").at(i), error = run.at("stderr").at(i);
    series.points.push_back({computed.at("time").at(i), mean, mean - error, mean + error});
  }
  return series;
}

const Axis time_axis{.label = "time", .log = true};

Picture theory_picture(const Json& computed) {
  const Axis error{.label = "bound of E F(w) - F*", .log = true};
  std::vector<Series> ends, between;
  for (std::size_t place = 0; place < std::size(trained_k); ++place) {
    const int k = trained_k[place];
    const Series series = bound_line(
        name_of(k), colors[place], bound_of(computed, static_cast<std::uint64_t>(k)), theory_ends);
    if (k == 1 || k == workers) ends.push_back(series);
    between.push_back(series);
  }
  between.push_back(envelope_line(computed));
  return picture("fig07-theory", "Error bounds against time, the same step size",
                 "The bound of async falls first and ends on a high floor; that of sync falls "
                 "late and ends twelve times lower; those of K between lie between, and the "
                 "lowest of all goes from K = 1 to K = 8 as time goes on.",
                 2,
                 {curves_panel("Sync and async: Figure 7", time_axis, error, ends),
                  curves_panel("K-async between them", time_axis, error, between)});
}

Picture trained_picture(const Json& computed) {
  const Axis error{.label = "E F(w) - F*", .log = true};
  std::vector<Series> beside, between;
  for (std::size_t place = 0; place < std::size(trained_k); ++place) {
    const int k = trained_k[place];
    const Series measured = trained_line(computed, place, name_of(k));
    between.push_back(measured);
    if (k != 1 && k != workers) continue;
    beside.push_back(measured);
    const ErrorCurve curve = bound_of(computed, static_cast<std::uint64_t>(k));
    beside.push_back(
        bound_line(name_of(k) + ", bound", place == 0 ? 5 : 7, curve, training_ends, true));
  }
  return picture("fig07-trained", "The same in training: a quadratic, 100 seeds",
                 "Measured errors lie below their bounds and cross as these do: async is first "
                 "and ends highest, sync last and lowest, K = 2 and 4 in between.",
                 2,
                 {curves_panel("Below the bounds", time_axis, error, beside),
                  curves_panel("K-async", time_axis, error, between)});
}

std::vector<std::vector<std::string>> rows(const Json& computed) {
  std::vector<ErrorCurve> curves;
  for (std::uint64_t k = 1; k <= workers; ++k) curves.push_back(bound_of(computed, k));
  std::vector<std::vector<std::string>> table;
  const std::vector<EnvelopePiece> pieces = lower_envelope(curves);
  for (std::size_t i = 0; i < curves.size(); ++i) {
    std::string span = "never";
    for (const EnvelopePiece& piece : pieces) {
      if (piece.index != i) continue;
      span = number(piece.begin, 3) +
             (std::isfinite(piece.end) ? " to " + number(piece.end, 3) : " on");
    }
    std::string floor = "-";
    for (std::size_t place = 0; place < std::size(trained_k); ++place) {
      if (trained_k[place] == static_cast<int>(i + 1)) {
        floor = number(trained_floor(computed, place), 3);
      }
    }
    const ErrorBound& bound = curves[i].bound;
    table.push_back({std::to_string(i + 1), number(curves[i].runtime),
                     number(computed.at("gamma").at(i).get<double>(), 3),
                     number(bound.rate / curves[i].runtime, 3), number(bound.floor, 3), floor,
                     span});
  }
  return table;
}

Chapter chapter(const Results& results) {
  const Json& computed = results.computed;
  const Section figure{
      "",
      "Async makes 22 updates in the time of one of sync, each with an eighth of the gradients: "
      "its bound falls first and stops at a floor that is 1/(1 - gamma + p0/2) x P times that of "
      "sync. The lowest of all K is the line that AdaSync tries to follow "
      "([adasync.md](../adasync.md)).",
      {"K", "time per update", "gamma", "decay per unit of time", "floor of the bound",
       "floor in training", "lowest bound from time"},
      rows(computed),
      {theory_picture(computed)}};
  const Section trained{
      "The same in training",
      "The constants are those of a quadratic, so it can be trained beside its bounds, in double "
      "precision. The bounds hold with room to spare, about ten times at the floors. Theorem 3 "
      "takes every direction to be as steep as L where noise is concerned and as flat as c where "
      "progress is; the quadratic has both. So real crossings come earlier than those of the "
      "bounds: take the order from the theory, not the times.",
      {},
      {},
      {trained_picture(computed)}};
  const Section choices{
      "What had to be chosen",
      "- **Constants.** The paper gives none. L = 1, c = 0.2, sigma = 2, m = 1, M_G = 0, eta = "
      "0.05, F(w_0) - F* = 5.02, P = 8, exp(1) times.\n"
      "- **gamma** belongs to a whole run, with its step size and its P, and not to the fleet "
      "alone. It is measured here by its definition ([measure.md](../measure.md#gamma)), over the "
      "first 200 updates and over 20,000 at the floor; the larger upper end of the two 95 % "
      "intervals counts.\n"
      "- **p0** is 1/P for all K below P, the value of Lemma 8. For K-async K/P is true as well, "
      "but then Theorem 3 promises more than Lemma 2 does for the same algorithm (last claim), "
      "and curves for different K could not be compared.\n"
      "- **The step size's limit** is the corrected one, 1/(2L(M_G/(Km) + 1)) = 0.5 and eta c "
      "gamma' <= 1. Both conditions must hold; the paper prints the larger of two.",
      {},
      {},
      {}};
  return {{figure, trained, choices}, claims(computed)};
}

Json compute(Scale scale, const Progress& progress) { return runs(scale, progress); }

}  // namespace

Study fig07_theory() {
  return {.id = "fig07-theory",
          .title = "Figure 7: error against time, by theory",
          .original =
              "The paper's Figure 7 draws the bounds of Lemma 2 (sync) and Corollary 2 (async) "
              "against time, with the same step size: async falls faster and ends on a higher "
              "floor. It does not give the constants.",
          .settings =
              "The bounds of `error_bound.hpp` with constants of our own, at J = t / E T; K-async "
              "with K = 1 to 8, of which K = 1 is async and K = 8 sync. Beside them runs on "
              "`quadratic(dimension=20, condition=5, noise=2)`, one sample a gradient, K = 1, 2, "
              "4, 8, to time 1,500.",
          .seeds = "1 (gamma), 1 to 100 (training)",
          .analytic = true,
          .compute = compute,
          .chapter = chapter};
}

}  // namespace syncline::repro
