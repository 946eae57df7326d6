#include "page.hpp"

#include "words.hpp"

namespace syncline::repro {
namespace {

std::string table_row(const std::vector<std::string>& cells) {
  std::string row = "|";
  for (const std::string& cell : cells) row += " " + cell + " |";
  return row + "\n";
}

std::string table(const std::vector<std::string>& columns,
                  const std::vector<std::vector<std::string>>& rows) {
  std::string text = table_row(columns) + "|";
  for (std::size_t i = 0; i < columns.size(); ++i) text += "---|";
  text += "\n";
  for (const auto& row : rows) text += table_row(row);
  return text + "\n";
}

const char* verdict(const Claim& claim) {
  if (claim.holds) return "holds";
  return claim.open ? "open" : "**does not hold**";
}

std::string claims_table(const std::vector<Claim>& claims) {
  std::vector<std::vector<std::string>> rows;
  for (const Claim& claim : claims) {
    rows.push_back({claim.text, claim.source, verdict(claim), claim.evidence});
  }
  return "## Claims\n\n" + table({"claim", "of", "here", "evidence"}, rows);
}

std::string run_time(double seconds) {
  const double real = seconds / 2;
  if (real < 1) return "under a second";
  if (real < 120) return number(real, 2) + " s";
  return real < 7200 ? number(real / 60, 2) + " min" : number(real / 3600, 2) + " h";
}

std::string how(const Study& study, const PageFacts& facts) {
  std::string text = "## How it was made\n\n" + study.settings + "\n\n";
  std::vector<std::vector<std::string>> rows = {
      {"command", "`./dev repro " + std::string(facts.quick ? "--quick " : "") + study.id + "`"},
      {"seeds", study.seeds}};
  if (facts.wanted > 0) {
    rows.push_back({"training runs",
                    std::to_string(facts.runs) + " of " + std::to_string(facts.wanted) +
                        ", each a file of [results/" + study.id + "](results/" + study.id + ")"});
  }
  if (facts.wanted_parts > 0) {
    rows.push_back({"parts", std::to_string(facts.parts) + " of " +
                                 std::to_string(facts.wanted_parts) + ", each a file of [results/" +
                                 study.id + "](results/" + study.id + ")"});
  }
  if (study.compute) {
    rows.push_back({"results", "[results/" + study.id + ".json](results/" + study.id + ".json)"});
  }
  if (facts.seconds > 0) rows.push_back({"run time on 2 cores", run_time(facts.seconds)});
  return text + table({"", ""}, rows);
}

}  // namespace

std::string study_page(const Study& study, const Chapter& chapter, const PageFacts& facts) {
  std::string text = "# " + study.title + "\n\n" + study.original + "\n\n";
  if (facts.quick) text += "*A reduced run: fewer seeds, shorter, wider errors.*\n\n";
  if (!chapter.claims.empty()) text += claims_table(chapter.claims);
  for (const Section& section : chapter.sections) {
    if (!section.heading.empty()) text += "## " + section.heading + "\n\n";
    if (!section.text.empty()) text += section.text + "\n\n";
    for (const Picture& picture : section.pictures) {
      text += "![" + picture.spec.at("summary").get<std::string>() + "](pictures/" + picture.name +
              ".svg)\n\n";
    }
    if (!section.rows.empty()) text += table(section.columns, section.rows);
  }
  text += how(study, facts);
  while (text.ends_with("\n\n")) text.pop_back();
  return text;
}

std::string index_page(const std::vector<IndexEntry>& entries, bool quick) {
  std::string text = R"text(# The paper, reproduced

*Slow and Stale Gradients Can Win the Race* (Dutta, Joshi, Ghosh, Dube, Nagpurkar, AISTATS 2018,
arXiv 1803.01113; Dutta, Wang, Joshi, 2020, arXiv 2003.10579), figure by figure, and what lies
beyond it. A page says what the paper shows, what was run here, and claim by claim whether it holds.

Everything below is made by one command:

    ./dev repro

It keeps what is stored in `results/` and runs what is missing; `./dev repro STUDY` does one of the
studies, `--pages` only draws and writes again, `--quick` makes a reduced form of everything in
minutes, in `syncline-out/reproduction/`, and `--analytic` does what needs no training. Run times on
the pages are those of a shared machine, other work included.

)text";
  if (quick) text += "*These pages are the reduced form.*\n\n";
  std::vector<std::vector<std::string>> rows;
  for (const IndexEntry& entry : entries) {
    rows.push_back({"[" + entry.study->title + "](" + entry.study->id + ".md)",
                    std::to_string(entry.hold) + " of " + std::to_string(entry.claims)});
  }
  return text + table({"page", "claims that hold"}, rows) +
         R"(Figures 1 and 2 of the paper are schematic drawings. A claim that does not hold here need not be
wrong: its page says under which settings it was tried, and why it fails there. *Open* means that the
runs decide neither for it nor against it.
)";
}

}  // namespace syncline::repro
