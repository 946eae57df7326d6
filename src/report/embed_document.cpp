#include "report/embed_document.hpp"

#include <string_view>

#include <nlohmann/json.hpp>

#include "report/fitted_curves.hpp"
#include "report/thin_document.hpp"
#include "syncline/error.hpp"

namespace syncline {
namespace {

using Json = nlohmann::ordered_json;

std::string replace_all(std::string text, std::string_view from, std::string_view to) {
  for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
  return text;
}

std::string escape_for_script(const Json& document) {
  // Bytes that are not UTF-8 (a path in the configuration may hold them) become U+FFFD.
  std::string text = document.dump(-1, ' ', false, Json::error_handler_t::replace);
  text = replace_all(std::move(text), "<", "\\u003c");
  text = replace_all(std::move(text), "\xE2\x80\xA8", "\\u2028");
  return replace_all(std::move(text), "\xE2\x80\xA9", "\\u2029");
}

/// The fit that the page draws; nullptr if there is none.
Json* fit_in(Json& document) {
  if (document.at("kind") == "fit") return &document;
  if (document.at("kind") != "plan") return nullptr;
  Json& fit = document.at("fleet").at("fit");
  return fit.is_null() ? nullptr : &fit;
}

const char* remedy(const Json& document) {
  if (document.at("kind") == "fit") return "fit fewer workers at a time";
  if (document.at("kind") == "plan") return "plan with fewer step sizes or workers";
  return "race fewer policies or seeds at a time";
}

}  // namespace

std::string embed_document(Json document, std::size_t budget) {
  if (Json* fit = fit_in(document)) add_fitted_curves(*fit);
  trim_document(document);
  std::string text = escape_for_script(document);
  // Ten halvings leave a thousandth; what is still too large then is not the charts' data.
  for (int round = 0; text.size() > budget && round < 10; ++round) {
    thin_document(document);
    document["thinned"] = true;
    text = escape_for_script(document);
  }
  if (text.size() > budget) {
    throw DataError("report: the document is too large for one page (" +
                    std::to_string(text.size()) + " bytes after thinning, at most " +
                    std::to_string(budget) + "); " + remedy(document));
  }
  return text;
}

}  // namespace syncline
