// A mutation that knows JSON, beside libFuzzer's own: it puts another value in the place of one, or
// leaves a member out. Blind changes of bytes hardly ever get past the parser.

#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t most);

namespace {

using Json = nlohmann::ordered_json;
using Draws = std::minstd_rand;

std::size_t below(Draws& draws, std::size_t n) { return draws() % n; }

Json unlikely(Draws& draws) {
  static const std::vector<Json> values = {nullptr,
                                           true,
                                           0,
                                           -1,
                                           0.5,
                                           1e300,
                                           -1e300,
                                           5e-324,
                                           4294967295U,
                                           4294967296U,
                                           18446744073709551615U,
                                           "",
                                           "9",
                                           "\xE2\x80\xA8</script>",
                                           Json::array(),
                                           Json::object(),
                                           Json::array({1, "x"}),
                                           Json({{"", 1}})};
  return values[below(draws, values.size())];
}

/// All values of the tree, each with the one that it is in.
void collect(Json& value, Json* parent, std::vector<std::pair<Json*, Json*>>& found) {
  found.emplace_back(&value, parent);
  if (!value.is_structured()) return;
  for (auto& member : value) collect(member, &value, found);
}

void change(Json& document, Draws& draws) {
  std::vector<std::pair<Json*, Json*>> values;
  collect(document, nullptr, values);
  const auto [value, parent] = values[below(draws, values.size())];
  switch (below(draws, 4)) {
    case 0:
      *value = Json(*values[below(draws, values.size())].first);
      break;
    case 1:
      if (parent != nullptr && parent->is_array()) {
        parent->push_back(Json(*value));
        break;
      }
      if (value->is_object() && !value->empty()) {
        value->erase(
            std::next(value->begin(), static_cast<std::ptrdiff_t>(below(draws, value->size()))));
        break;
      }
      [[fallthrough]];
    default:
      *value = unlikely(draws);
  }
}

/// Where the line around `place` begins and ends.
std::pair<std::size_t, std::size_t> line_at(const std::string& text, std::size_t place) {
  const auto before = place == 0 ? text.npos : text.rfind('\n', place - 1);
  const auto after = text.find('\n', place);
  return {before == text.npos ? 0 : before + 1, after == text.npos ? text.size() : after};
}

}  // namespace

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size,
                                               std::size_t most, unsigned seed) {
  Draws draws(seed);
  std::string text(reinterpret_cast<const char*>(data), size);
  if (size == 0 || below(draws, 3) == 0) return LLVMFuzzerMutate(data, size, most);
  auto [begin, end] = line_at(text, below(draws, size));
  Json document = Json::parse(text.substr(begin, end - begin), nullptr, false);
  if (document.is_discarded()) return LLVMFuzzerMutate(data, size, most);
  change(document, draws);
  text.replace(begin, end - begin, document.dump());
  if (text.size() > most) return LLVMFuzzerMutate(data, size, most);
  std::copy(text.begin(), text.end(), data);
  return text.size();
}
