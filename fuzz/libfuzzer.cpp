// The entry points of libFuzzer, for the target that the build names. `PROGRAM write-seeds CORPUS
// FOLDER` writes what is known, one file each, into an empty folder, and ends.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string_view>

#include "targets/entries.hpp"

namespace {

namespace fuzz = syncline::fuzz;

const fuzz::Target& target = fuzz::SYNCLINE_FUZZ_TARGET;

void write_seeds(const std::string& corpus, const std::filesystem::path& folder) {
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  for (const auto& [name, input] : fuzz::known_inputs(target, corpus)) {
    std::ofstream(folder / name, std::ios::binary) << input;
  }
}

}  // namespace

extern "C" int LLVMFuzzerInitialize(int* count, char*** arguments) {
  char** given = *arguments;
  if (*count != 4 || given[1] != std::string_view("write-seeds")) return 0;
  write_seeds(given[2], given[3]);
  std::exit(0);
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::accepts(target, {reinterpret_cast<const char*>(data), size});
  return 0;
}
