#include <nlohmann/json.hpp>

#include "syncline/trace.hpp"
#include "trace/document.hpp"
#include "trace/log_reader.hpp"

namespace syncline {

nlohmann::ordered_json document_from_log(const std::filesystem::path& path) {
  const LoggedRun run = read_log(path);
  nlohmann::ordered_json document = run_document(run.config, run.result);
  document["log_complete"] = run.complete;
  return document;
}

}  // namespace syncline
