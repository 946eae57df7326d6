#pragma once

#include <string_view>

namespace syncline {

// What the program says, and where: results on stdout, everything else on stderr.

/// Writes to stdout at once. Throws DataError if the text can't be written: full disk, closed pipe.
void print(std::string_view text);

void print_error(std::string_view text);    ///< "syncline: error: ..."
void print_warning(std::string_view text);  ///< "syncline: warning: ..."
void print_note(std::string_view text);     ///< "syncline: ..."

[[nodiscard]] bool stdout_is_terminal();
[[nodiscard]] bool stdout_has_colour();
[[nodiscard]] bool stderr_has_colour();
/// Whether a line on stderr can be drawn over.
[[nodiscard]] bool stderr_is_terminal();

}  // namespace syncline
