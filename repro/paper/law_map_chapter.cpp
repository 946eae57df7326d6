#include "law_map_chapter.hpp"

#include "law_map_cells.hpp"
#include "law_map_claims.hpp"
#include "law_map_pictures.hpp"
#include "law_map_tables.hpp"

namespace syncline::repro::law_map {
namespace {

Section laws() {
  Section section{.heading = "The laws", .text = ""};
  add_law_table(section);
  return section;
}

Section winners(const std::vector<CellOfMap>& cells, bool tuned) {
  Section section;
  section.heading = tuned ? "The best step size of each" : "One step size for all";
  section.pictures = {winners_picture(cells, tuned, planner())};
  add_winners_table(section, cells, tuned, planner());
  return section;
}

Section predictions(const std::vector<CellOfMap>& cells) {
  Section section{.heading = "Prediction", .text = ""};
  add_score_table(section, cells);
  return section;
}

Section time_alone(const std::vector<CellOfMap>& cells) {
  Section section{.heading = "Time alone", .text = ""};
  section.pictures = {throughput_picture(cells)};
  add_runtime_table(section, cells);
  return section;
}

}  // namespace

std::string original_text() { return ""; }

std::string settings_text() { return ""; }

Chapter chapter(const Results& results) {
  const std::vector<CellOfMap> cells = cells_of(results);
  Chapter chapter;
  chapter.claims = claims(cells);
  if (cells.empty()) return chapter;
  chapter.sections = {winners(cells, true), winners(cells, false), predictions(cells),
                      time_alone(cells), laws()};
  return chapter;
}

}  // namespace syncline::repro::law_map
