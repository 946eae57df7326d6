#include "delay/law_text.hpp"

#include <array>
#include <charconv>

#include "syncline/spec.hpp"

namespace syncline {

std::string number_text(double value) {
  std::array<char, 32> buffer{};
  const auto result = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value);
  return std::string(buffer.data(), result.ptr);
}

std::string law_text(std::string_view name,
                     std::initializer_list<std::pair<std::string_view, double>> parameters) {
  Spec spec{std::string(name), {}};
  for (const auto& [key, value] : parameters) {
    spec.arguments.push_back({std::string(key), number_text(value)});
  }
  return to_text(spec);
}

}  // namespace syncline
