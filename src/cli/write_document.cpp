#include "cli/write_document.hpp"

#include <fstream>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "syncline/error.hpp"

namespace syncline {

void write_document(const std::filesystem::path& file, const nlohmann::ordered_json& document) {
  const std::filesystem::path draft = file.string() + ".part" + std::to_string(getpid());
  std::error_code error;
  {
    std::ofstream stream(draft, std::ios::binary);
    stream << document.dump() << '\n';
    stream.close();
    if (stream) std::filesystem::rename(draft, file, error);
    if (stream && !error) return;
  }
  std::error_code ignored;
  std::filesystem::remove(draft, ignored);
  throw DataError("can't write '" + file.string() + "'" +
                  (error ? ": " + error.message() : "; is the disk full?"));
}

}  // namespace syncline
