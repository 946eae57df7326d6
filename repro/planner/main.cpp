// planner_proof analytic|softmax|cnn|page FOLDER: asks the planner, races everybody, and writes the
// page. Verdicts are appended to FOLDER/planner-analytic.jsonl, ... as they come, and cases that
// are there already are left out, so a broken run can be continued.

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <set>

#include "page.hpp"
#include "syncline/error.hpp"
#include "truth.hpp"

namespace syncline::proof {
namespace {

std::vector<nlohmann::ordered_json> read_verdicts(const std::filesystem::path& file) {
  std::vector<nlohmann::ordered_json> verdicts;
  std::ifstream stream(file);
  for (std::string line; std::getline(stream, line);) {
    verdicts.push_back(nlohmann::ordered_json::parse(line));
  }
  return verdicts;
}

void judge_all(const std::vector<Case>& cases, const std::filesystem::path& file) {
  std::set<std::string> done;
  for (const auto& verdict : read_verdicts(file)) done.insert(verdict.at("case"));
  std::ofstream stream(file, std::ios::app);
  for (const Case& question : cases) {
    if (done.contains(question.name)) continue;
    const Verdict verdict = judge_case(question);
    stream << to_json(verdict).dump() << std::endl;
    std::cerr << (verdict.hit ? "hit   " : "miss  ") << question.name << "\n";
  }
}

int run(const std::string& what, const std::filesystem::path& folder) {
  const auto analytic = folder / "planner-analytic.jsonl";
  const auto softmax = folder / "planner-softmax.jsonl";
  const auto cnn = folder / "planner-cnn.jsonl";
  if (what == "analytic") judge_all(analytic_cases(), analytic);
  if (what == "softmax") judge_all(softmax_cases(), softmax);
  if (what == "cnn") judge_all(cnn_cases(), cnn);
  std::ofstream(folder / "planner-proof.md")
      << proof_page(read_verdicts(analytic), read_verdicts(softmax), read_verdicts(cnn));
  return 0;
}

}  // namespace
}  // namespace syncline::proof

int main(int count, char** words) {
  const std::string what = count == 3 ? words[1] : "";
  if (what != "analytic" && what != "softmax" && what != "cnn" && what != "page") {
    std::cerr << "usage: planner_proof analytic|softmax|cnn|page FOLDER\n";
    return 2;
  }
  try {
    return syncline::proof::run(what, words[2]);
  } catch (const syncline::Error& error) {
    std::cerr << error.what() << "\n";
    return static_cast<int>(error.exit_code());
  }
}
