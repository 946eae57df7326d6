#include <nlohmann/json.hpp>

#include "syncline/error.hpp"
#include "syncline/trace.hpp"
#include "trace/document.hpp"
#include "trace/log_reader.hpp"

namespace syncline {

nlohmann::ordered_json document_from_log(const std::filesystem::path& path) {
  const LoggedRun run = read_log(path);
  try {
    nlohmann::ordered_json document = run_document(run.config, run.result);
    document["log_complete"] = run.complete;
    return document;
  } catch (const nlohmann::json::exception& error) {
    throw DataError("'" + path.string() + "', line 1, is no event log: " + error.what());
  }
}

}  // namespace syncline
