#include "cli/write_document.hpp"

#include <nlohmann/json.hpp>

#include "base/atomic_file.hpp"

namespace syncline {

void write_document(const std::filesystem::path& file, const nlohmann::ordered_json& document) {
  write_file_atomically(file, {document.dump(), "\n"});
}

}  // namespace syncline
