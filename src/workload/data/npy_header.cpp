#include "workload/data/npy_header.hpp"

#include <array>
#include <charconv>
#include <cstring>

namespace syncline {
namespace {

/// Reads the one Python literal that a header may be: {'descr': '<f4', 'fortran_order': False,
/// 'shape': (3, 4), }. Anything else makes `ok` false for good.
class HeaderText {
 public:
  explicit HeaderText(std::string_view text) : rest_(text) {}

  [[nodiscard]] bool ok() const { return ok_; }
  [[nodiscard]] bool at_end() {
    skip_spaces();
    return rest_.empty();
  }

  bool take(std::string_view token) {
    skip_spaces();
    if (!rest_.starts_with(token)) return false;
    rest_.remove_prefix(token.size());
    return true;
  }
  void need(std::string_view token) {
    if (!take(token)) ok_ = false;
  }

  std::string quoted() {
    skip_spaces();
    const char quote = rest_.empty() ? '\0' : rest_.front();
    const auto end = rest_.find(quote, 1);
    if ((quote != '\'' && quote != '"') || end == std::string_view::npos) {
      ok_ = false;
      return {};
    }
    const std::string text(rest_.substr(1, end - 1));
    rest_.remove_prefix(end + 1);
    return text;
  }

  bool boolean() {
    if (take("True")) return true;
    need("False");
    return false;
  }

  std::vector<std::size_t> tuple() {
    std::vector<std::size_t> numbers;
    need("(");
    while (ok_ && !take(")")) {
      skip_spaces();
      std::size_t number = 0;
      const auto [stop, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), number);
      ok_ = ok_ && error == std::errc();
      if (!ok_) break;
      rest_.remove_prefix(static_cast<std::size_t>(stop - rest_.data()));
      numbers.push_back(number);
      if (take(",")) continue;
      need(")");
      break;
    }
    return numbers;
  }

 private:
  void skip_spaces() {
    while (!rest_.empty() && (rest_.front() == ' ' || rest_.front() == '\n')) {
      rest_.remove_prefix(1);
    }
  }

  std::string_view rest_;
  bool ok_ = true;
};

std::size_t read_header_length(ByteReader& reader) {
  std::array<std::uint8_t, 8> start{};
  reader.read(start);
  if (std::memcmp(start.data(), "\x93NUMPY", 6) != 0) reader.refuse("is no .npy file");
  if (start[6] < 1 || start[6] > 3 || start[7] != 0) {
    reader.refuse("has .npy version " + std::to_string(start[6]) + "." + std::to_string(start[7]) +
                  "; 1.0, 2.0 and 3.0 are read");
  }
  std::array<std::uint8_t, 4> length{};
  reader.read({length.data(), start[6] == 1 ? std::size_t{2} : std::size_t{4}});
  return length[0] | length[1] << 8 | length[2] << 16 | static_cast<std::size_t>(length[3]) << 24;
}

}  // namespace

NpyHeader read_npy_header(ByteReader& reader) {
  const std::size_t length = read_header_length(reader);
  if (length > reader.most_left()) reader.refuse("ends early, inside its header");
  std::string bytes(length, '\0');
  reader.read({reinterpret_cast<std::uint8_t*>(bytes.data()), length});

  NpyHeader header;
  HeaderText text(bytes);
  bool fortran_order = false;
  std::size_t keys = 0;
  text.need("{");
  while (text.ok() && !text.take("}")) {
    const std::string key = text.quoted();
    text.need(":");
    if (key == "descr") {
      header.type = text.quoted();
    } else if (key == "fortran_order") {
      fortran_order = text.boolean();
    } else if (key == "shape") {
      header.shape = text.tuple();
    } else {
      reader.refuse("has a corrupt .npy header");
    }
    ++keys;
    if (text.take(",")) continue;
    text.need("}");
    break;
  }
  if (!text.ok() || !text.at_end() || keys != 3 || header.type.empty()) {
    reader.refuse("has a corrupt .npy header");
  }
  if (fortran_order) {
    reader.refuse("is stored in Fortran order; save numpy.ascontiguousarray(x) instead");
  }
  return header;
}

}  // namespace syncline
