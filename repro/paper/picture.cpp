#include "picture.hpp"

#include <cmath>

#include "record.hpp"

namespace syncline::repro {
namespace {

Json axis_json(const Axis& axis) {
  Json json = {
      {"label", axis.label}, {"scale", axis.log ? "log" : "linear"}, {"percent", axis.percent}};
  if (axis.domain) json["domain"] = {axis.domain->first, axis.domain->second};
  return json;
}

Json series_json(const Series& series) {
  Json points = Json::array();
  for (const Point& point : series.points) {
    Json one = {rounded(point.x), rounded(point.y)};
    if (point.low && point.high) {
      one.push_back(rounded(*point.low));
      one.push_back(rounded(*point.high));
    }
    points.push_back(std::move(one));
  }
  return {{"name", series.name},
          {"color", series.color},
          {"dashed", series.dashed},
          {"mark", series.mark},
          {"points", points}};
}

}  // namespace

Json curves_panel(const std::string& title, const Axis& x, const Axis& y,
                  const std::vector<Series>& series, const std::vector<Rule>& rules) {
  Json panel = {{"kind", "curves"}, {"title", title}, {"x", axis_json(x)}, {"y", axis_json(y)}};
  panel["series"] = Json::array();
  for (const Series& one : series) panel["series"].push_back(series_json(one));
  panel["rules"] = Json::array();
  for (const Rule& rule : rules) {
    Json json;
    if (rule.x) json["x"] = *rule.x;
    if (rule.y) json["y"] = *rule.y;
    json["label"] = rule.label;
    panel["rules"].push_back(std::move(json));
  }
  return panel;
}

Json bars_panel(const std::string& title, const std::string& x_label,
                const std::vector<Bar>& bars) {
  const auto maybe = [](const std::optional<double>& value) {
    return value ? rounded(*value) : Json(nullptr);
  };
  Json panel = {{"kind", "bars"}, {"title", title}, {"x", {{"label", x_label}}}};
  panel["bars"] = Json::array();
  for (const Bar& bar : bars) {
    panel["bars"].push_back({{"name", bar.name},
                             {"color", bar.color},
                             {"value", maybe(bar.value)},
                             {"low", maybe(bar.low)},
                             {"high", maybe(bar.high)},
                             {"text", bar.text}});
  }
  return panel;
}

Json grid_panel(const std::string& title, const Grid& grid) {
  Json panel = {{"kind", "grid"},
                {"title", title},
                {"x", {{"label", grid.x_label}}},
                {"y", {{"label", grid.y_label}}},
                {"columns", grid.columns},
                {"rows", grid.rows}};
  panel["cells"] = Json::array();
  for (const Cell& cell : grid.cells) {
    Json one = {{"row", cell.row}, {"column", cell.column}};
    if (cell.color) one["color"] = *cell.color;
    one["text"] = cell.text;
    one["note"] = cell.note;
    panel["cells"].push_back(std::move(one));
  }
  panel["legend"] = Json::array();
  for (const auto& [name, color] : grid.legend) {
    panel["legend"].push_back({{"name", name}, {"color", color}});
  }
  return panel;
}

Json timeline_panel(const std::string& title, const Json& timeline,
                    const std::vector<double>& updates) {
  return {{"kind", "timeline"},
          {"title", title},
          {"workers", timeline.at("workers")},
          {"to", timeline.at("to")},
          {"spans", timeline.at("spans")},
          {"updates", updates},
          {"arrows", timeline.at("arrows")}};
}

Picture picture(const std::string& name, const std::string& title, const std::string& summary,
                int columns, std::vector<Json> panels) {
  Json spec = {{"title", title}, {"summary", summary}, {"columns", columns}};
  spec["panels"] = std::move(panels);
  return {name, std::move(spec)};
}

}  // namespace syncline::repro
