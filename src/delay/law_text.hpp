#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace syncline {

/// `name(key=value, ...)` with the shortest numbers that read back to the same bits, so that equal
/// laws have equal texts however the user wrote them.
[[nodiscard]] std::string law_text(
    std::string_view name, std::initializer_list<std::pair<std::string_view, double>> parameters);

/// A number in the same form.
[[nodiscard]] std::string number_text(double value);

}  // namespace syncline
