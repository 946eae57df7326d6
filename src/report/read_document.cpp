#include "report/read_document.hpp"

#include <fstream>
#include <iterator>
#include <string>

#include <nlohmann/json.hpp>

#include "base/hostile_json.hpp"
#include "base/open_to_read.hpp"
#include "report/check_document.hpp"
#include "syncline/trace.hpp"

namespace syncline {
namespace {

using Json = nlohmann::ordered_json;

Json parsed(const std::string& text) {
  if (nests_too_deep(text)) {
    throw DataError("brackets nest deeper than " + std::to_string(most_nesting));
  }
  try {
    return Json::parse(text);
  } catch (const nlohmann::json::exception& error) {
    throw DataError("neither the JSON of a race, a run, a plan or a fit nor an event log: " +
                    std::string(error.what()));
  }
}

/// An event log is JSON lines that begin with the record of its run; a document is one object.
bool is_log(const std::string& first_line) {
  if (nests_too_deep(first_line)) return false;
  const Json head = Json::parse(first_line, nullptr, false);
  return head.is_object() && head.contains("event");
}

}  // namespace

Json read_document(const std::filesystem::path& path) {
  std::ifstream file = open_to_read(path, "the document");
  std::string text;
  if (!std::getline(file, text)) throw DataError("'" + path.string() + "' is empty");
  const bool log = is_log(text);
  if (!log) {
    text += '\n';
    text.append(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
  }
  Json document = log ? document_from_log(path) : Json();
  try {
    if (!log) document = parsed(text);
    check_document(document);
  } catch (const DataError& error) {
    throw DataError("'" + path.string() + "': " + error.what());
  }
  return document;
}

}  // namespace syncline
