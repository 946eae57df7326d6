#include "report/check_document.hpp"

#include <string>

#include <nlohmann/json.hpp>

#include "syncline/error.hpp"

namespace syncline {

void check_document(const nlohmann::ordered_json& document) {
  const auto found = document.is_object() ? document.find("kind") : document.end();
  // Without a kind it is most likely a race's document that was cut short: its check says what
  // lacks.
  if (found == document.end() || !found->is_string()) return check_race(document);
  const auto& kind = found->get_ref<const std::string&>();
  if (kind == "race" || kind == "run") return check_race(document);
  if (kind == "plan") return check_plan(document);
  if (kind == "fit") return check_fit(document);
  throw DataError("report: there is no page for a document of kind '" + kind +
                  "'; there is one for a race, a run, a plan and a fit");
}

}  // namespace syncline
