// The documents that `report` draws: of a race, a run, a plan or a fit.

#include <nlohmann/json.hpp>

#include "input_file.hpp"
#include "report/embed_document.hpp"
#include "report/read_document.hpp"
#include "report/sample_document.hpp"
#include "report/sample_fit.hpp"
#include "report/sample_plan.hpp"
#include "syncline/error.hpp"
#include "syncline/report.hpp"
#include "targets/entries.hpp"

namespace syncline::fuzz {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t budget = 1'000'000;

void take(std::string_view input) {
  Json document;
  read_as_file(input, [&](const std::filesystem::path& path) { document = read_document(path); });
  promise(embed_document(document, budget).size() <= budget, "a document keeps to its budget");
  const auto kind = document.find("kind");
  if (*kind != "race" && *kind != "run") return;
  static_cast<void>(render_table(document, true));
  try {
    static_cast<void>(with_plan(document, test::sample_plan()));
  } catch (const DataError&) {  // it is of another fleet or target
  }
}

/// How many members of a list a small document keeps: points and tuples keep their length.
std::size_t kept(const Json& list) {
  constexpr std::size_t longest_tuple = 4;
  if (!list.empty() && list.front().is_structured()) return 1;
  return list.size() > longest_tuple ? 2 : list.size();
}

/// A document of the same shape, small enough to be changed everywhere.
Json small(const Json& value) {
  if (!value.is_structured()) return value;
  Json copy = value.is_array() ? Json::array() : Json::object();
  const std::size_t members = value.is_array() ? kept(value) : value.size();
  std::size_t i = 0;
  for (const auto& [key, member] : value.items()) {
    if (i++ == members) break;
    (value.is_array() ? copy.emplace_back() : copy[key]) = small(member);
  }
  return copy;
}

std::vector<std::string> seeds() {
  std::vector<std::string> documents;
  for (const Json& document : {test::sample_document(2), test::sample_plan(true),
                               test::sample_fleet_plan(), test::sample_fit(2)}) {
    documents.push_back(small(document).dump());
  }
  return documents;
}

}  // namespace

const Target document_target{"document", "a document for report", take, seeds};

}  // namespace syncline::fuzz
