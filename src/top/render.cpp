#include "top/render.hpp"

#include <algorithm>

namespace syncline {
namespace {

const char* code_of(Emphasis emphasis) {
  static constexpr const char* codes[] = {"", "\033[2m", "\033[32m", "\033[33m", "\033[1;31m"};
  return codes[static_cast<int>(emphasis)];
}

/// One line, never longer than it may be.
class Line {
 public:
  Line(std::size_t most, bool colour) : left_(most), colour_(colour) {}

  void add(const std::string& text, Emphasis emphasis = Emphasis::none) {
    const std::string piece = text.substr(0, left_);
    left_ -= piece.size();
    const bool marked = colour_ && emphasis != Emphasis::none && !piece.empty();
    line_ += marked ? code_of(emphasis) + piece + "\033[0m" : piece;
  }
  /// Without blanks at the end.
  std::string take() {
    line_.erase(line_.find_last_not_of(' ') + 1);
    return std::move(line_);
  }

 private:
  std::size_t left_;
  bool colour_;
  std::string line_;
};

std::vector<std::size_t> widths(const RunFrame& frame) {
  std::vector<std::size_t> result;
  for (const Column& column : frame.columns) result.push_back(column.name.size());
  for (const auto& row : frame.rows) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      result[i] = std::max(result[i], row[i].text.size());
    }
  }
  return result;
}

std::string table_line(const std::vector<Column>& columns, const std::vector<Cell>& cells,
                       const std::vector<std::size_t>& width, ViewSize size, bool colour) {
  Line line(size.columns, colour);
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const std::string blanks(width[i] - cells[i].text.size(), ' ');
    if (i > 0) line.add("  ");
    if (!columns[i].is_text) line.add(blanks);
    line.add(cells[i].text, cells[i].emphasis);
    if (columns[i].is_text) line.add(blanks);
  }
  return line.take();
}

}  // namespace

std::vector<std::string> render(const RunFrame& frame, ViewSize size, bool colour) {
  std::vector<std::string> lines;
  for (const std::string& text : frame.header) lines.push_back(text.substr(0, size.columns));
  lines.emplace_back();
  const std::vector<std::size_t> width = widths(frame);
  std::vector<Cell> heading;
  for (const Column& column : frame.columns) heading.push_back({column.name, Emphasis::dim});
  lines.push_back(table_line(frame.columns, heading, width, size, colour));
  const std::size_t room = size.lines > lines.size() ? size.lines - lines.size() : 0;
  const bool all = frame.rows.size() <= room;
  // One line is needed to say that there are more.
  const std::size_t shown = all ? frame.rows.size() : std::max<std::size_t>(room, 1) - 1;
  for (std::size_t i = 0; i < shown; ++i) {
    lines.push_back(table_line(frame.columns, frame.rows[i], width, size, colour));
  }
  if (!all) {
    const std::string more = "... and " + std::to_string(frame.rows.size() - shown) + " more";
    lines.push_back(more.substr(0, size.columns));
  }
  if (lines.size() > size.lines) lines.resize(size.lines);
  return lines;
}

}  // namespace syncline
