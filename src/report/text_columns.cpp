#include "report/text_columns.hpp"

#include <algorithm>
#include <sstream>

#include "syncline/error.hpp"

namespace syncline {

TextColumns::TextColumns(std::vector<std::string> header) {
  rows_.push_back({std::move(header), "\x1b[2m"});
}

void TextColumns::add(std::vector<std::string> cells, std::string style) {
  if (cells.size() != rows_.front().cells.size()) {
    throw InternalError("text table: a row of " + std::to_string(cells.size()) + " cells under " +
                        std::to_string(rows_.front().cells.size()) + " headings");
  }
  rows_.push_back({std::move(cells), std::move(style)});
}

std::string TextColumns::text(bool colour) const {
  std::vector<std::size_t> widths(rows_.front().cells.size(), 0);
  for (const auto& row : rows_) {
    for (std::size_t i = 0; i < widths.size(); ++i) {
      widths[i] = std::max(widths[i], display_width(row.cells[i]));
    }
  }
  std::string result;
  for (const auto& row : rows_) {
    const bool styled = colour && !row.style.empty();
    if (styled) result += row.style;
    for (std::size_t i = 0; i < widths.size(); ++i) {
      const std::string space(widths[i] - display_width(row.cells[i]), ' ');
      if (i == 0) {
        result += "  " + row.cells[i] + space;
      } else {
        result += "  " + space + row.cells[i];
      }
    }
    if (styled) result += "\x1b[0m";
    result += '\n';
  }
  return result;
}

std::size_t display_width(std::string_view text) {
  // Every byte but the continuation bytes of UTF-8 begins a character.
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  }));
}

std::string wrap_text(std::string_view text, std::size_t width, std::size_t indent) {
  std::istringstream words{std::string(text)};
  std::string result;
  std::string line;
  for (std::string word; words >> word;) {
    if (!line.empty() && indent + display_width(line) + 1 + display_width(word) > width) {
      result += std::string(indent, ' ') + line + '\n';
      line.clear();
    }
    line += (line.empty() ? "" : " ") + word;
  }
  if (!line.empty()) result += std::string(indent, ' ') + line + '\n';
  return result;
}

}  // namespace syncline
