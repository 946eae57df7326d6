#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace syncline {

/// Aligned columns of text: the first column left, the others right, two spaces between.
class TextColumns {
 public:
  explicit TextColumns(std::vector<std::string> header);

  /// One cell per header. `style` is an ANSI escape for the whole row, or empty.
  void add(std::vector<std::string> cells, std::string style = "");

  /// All rows, each ending in a newline. Escapes are written only with `colour`.
  [[nodiscard]] std::string text(bool colour) const;

 private:
  struct Row {
    std::vector<std::string> cells;
    std::string style;
  };
  std::vector<Row> rows_;
};

/// How many columns of a terminal UTF-8 text takes where each character is one column wide.
[[nodiscard]] std::size_t display_width(std::string_view text);

/// Breaks text at spaces into lines of at most `width` columns, each indented by `indent` spaces.
[[nodiscard]] std::string wrap_text(std::string_view text, std::size_t width, std::size_t indent);

}  // namespace syncline
