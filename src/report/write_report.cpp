#include <nlohmann/json.hpp>

#include "base/atomic_file.hpp"
#include "syncline/report.hpp"

namespace syncline {

void write_report(const std::filesystem::path& file, const nlohmann::ordered_json& document) {
  write_file_atomically(file, {render_report(document)});
}

}  // namespace syncline
