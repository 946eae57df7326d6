#pragma once

#include <string>
#include <vector>

#include "trace/run_picture.hpp"

namespace syncline {

/// How a cell is to be seen.
enum class Emphasis : std::uint8_t { none, dim, good, warning, bad };

struct Cell {
  std::string text;
  Emphasis emphasis = Emphasis::none;
};

struct Column {
  std::string name;
  bool is_text = false;  ///< begins at its left; numbers end at their right
};

/// One view of a run: some lines about the whole, and a table with a row for each worker.
struct RunFrame {
  std::vector<std::string> header;
  std::vector<Column> columns;
  std::vector<std::vector<Cell>> rows;
};

/// The orders of the rows: trouble (who is down, late, slow first; the default), worker, state,
/// p50, p95, share, lag.
[[nodiscard]] const std::vector<std::string>& frame_orders();

/// `order`: one of frame_orders(). Throws ConfigError for another.
[[nodiscard]] RunFrame make_frame(const RunPicture& picture, const std::string& order);

}  // namespace syncline
