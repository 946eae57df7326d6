#include "target.hpp"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "syncline/error.hpp"

namespace syncline::fuzz {
namespace {

std::string content_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

std::string bytes_of_hex(const std::string& text) {
  std::string bytes;
  std::string digits;
  bool comment = false;
  for (const char c : text) {
    comment = c != '\n' && (comment || c == '#');
    if (comment || std::isspace(static_cast<unsigned char>(c)) != 0) continue;
    digits += c;
    if (digits.size() < 2) continue;
    bytes += static_cast<char>(std::stoi(digits, nullptr, 16));
    digits.clear();
  }
  return bytes;
}

}  // namespace

bool accepts(const Target& target, std::string_view input) {
  try {
    target.take(input);
    return true;
  } catch (const Error& error) {
    promise(*error.what() != '\0', "a refusal says why");
    return false;
  }
}

std::vector<std::string> accepted(const Target& target, std::vector<std::string> inputs) {
  std::erase_if(inputs, [&](const std::string& input) { return !accepts(target, input); });
  return inputs;
}

std::vector<std::pair<std::string, std::string>> known_inputs(const Target& target,
                                                              const std::string& corpus) {
  std::vector<std::pair<std::string, std::string>> inputs;
  for (auto& seed : target.seeds()) {
    inputs.emplace_back("seed-" + std::to_string(inputs.size()), std::move(seed));
  }
  const auto folder = std::filesystem::path(corpus) / target.name;
  if (!std::filesystem::exists(folder)) return inputs;
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  for (const auto& file : files) {
    const std::string content = content_of(file);
    inputs.emplace_back(file.filename().string(),
                        file.extension() == ".hex" ? bytes_of_hex(content) : content);
  }
  return inputs;
}

}  // namespace syncline::fuzz
