#pragma once

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace syncline {

/// Reads the lines that another process appends to a file, as they come.
class LineTail {
 public:
  /// From the beginning of the file, which may not be there yet.
  explicit LineTail(std::filesystem::path path) : path_(std::move(path)) {}

  /// The whole lines that have come since the last call.
  [[nodiscard]] std::vector<std::string> lines() {
    std::vector<std::string> lines;
    if (!file_.is_open()) file_.open(path_, std::ios::binary);
    if (!file_.is_open()) return lines;
    file_.clear();  // its end of a moment ago
    for (std::string piece; std::getline(file_, piece);) {
      partial_ += piece;
      if (file_.eof()) break;  // without the line feed that ends it
      lines.push_back(std::move(partial_));
      partial_.clear();
    }
    return lines;
  }

 private:
  std::filesystem::path path_;
  std::ifstream file_;
  std::string partial_;
};

}  // namespace syncline
