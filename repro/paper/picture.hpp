#pragma once

#include <optional>
#include <string>
#include <vector>

#include "study.hpp"

// The parts of a picture, as C++ values; docs/pictures.md describes what they become.
namespace syncline::repro {

/// A point of a curve, with the ends of its band if it has one. A y that is not finite is a gap.
struct Point {
  double x = 0;
  double y = 0;
  std::optional<double> low = {};
  std::optional<double> high = {};
};

struct Series {
  std::string name;
  int color = 0;  ///< 0..7, a colour of the report page; the same name, the same colour
  std::vector<Point> points;
  std::string mark = "line";  ///< line | dots | steps | line+dots
  bool dashed = false;
};

struct Axis {
  std::string label;
  bool log = false;
  bool percent = false;
  std::optional<std::pair<double, double>> domain = {};
};

/// A line across the panel at x or at y.
struct Rule {
  std::optional<double> x = {};
  std::optional<double> y = {};
  std::string label = {};
};

[[nodiscard]] Json curves_panel(const std::string& title, const Axis& x, const Axis& y,
                                const std::vector<Series>& series,
                                const std::vector<Rule>& rules = {});

struct Bar {
  std::string name;
  int color = 0;
  std::optional<double> value = {};  ///< none: only the text is shown
  std::optional<double> low = {};
  std::optional<double> high = {};
  std::string text = {};
};

[[nodiscard]] Json bars_panel(const std::string& title, const std::string& x_label,
                              const std::vector<Bar>& bars);

struct Cell {
  std::size_t row = 0;
  std::size_t column = 0;
  std::optional<int> color = {};  ///< none: plain
  std::string text;
  std::string note = {};
};

struct Grid {
  std::string x_label, y_label;
  std::vector<std::string> columns, rows;
  std::vector<Cell> cells;
  std::vector<std::pair<std::string, int>> legend = {};  ///< names of colours
};

[[nodiscard]] Json grid_panel(const std::string& title, const Grid& grid);

/// The timeline of a run document (docs/race.md) with the instants of its updates.
[[nodiscard]] Json timeline_panel(const std::string& title, const Json& timeline,
                                  const std::vector<double>& updates);

/// `summary` says in a sentence what the picture shows, for those who can't see it.
[[nodiscard]] Picture picture(const std::string& name, const std::string& title,
                              const std::string& summary, int columns, std::vector<Json> panels);

}  // namespace syncline::repro
