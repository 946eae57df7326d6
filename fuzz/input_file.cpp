#include "input_file.hpp"

#include "syncline/error.hpp"
#include "target.hpp"

namespace syncline::fuzz {

const testing::TemporaryFolder& own_folder() {
  static const testing::TemporaryFolder folder;
  return folder;
}

void read_as_file(std::string_view input,
                  const std::function<void(const std::filesystem::path&)>& read) {
  const std::filesystem::path path = own_folder().write("input", std::string(input));
  try {
    read(path);
  } catch (const Error& error) {
    promise(std::string_view(error.what()).find(path.string()) != std::string_view::npos,
            std::string("a refusal names the file: ") + error.what());
    throw;
  }
}

std::string written_by(void (*write)(const std::filesystem::path&)) {
  const std::filesystem::path path = own_folder() / "written";
  write(path);
  return testing::read_file(path);
}

}  // namespace syncline::fuzz
