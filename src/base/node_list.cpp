#include <algorithm>
#include <cctype>

#include "base/launcher.hpp"
#include "syncline/error.hpp"

namespace syncline {
namespace {

/// Reads one list from front to back.
class NodeListReader {
 public:
  explicit NodeListReader(std::string_view list) : list_(list) {}

  /// All of it; returns the first name.
  std::string read() {
    std::string first = name();
    while (at_ < list_.size()) {
      expect(',');
      static_cast<void>(name());
    }
    return first;
  }

 private:
  [[nodiscard]] char next() const { return at_ < list_.size() ? list_[at_] : '\0'; }
  static bool is_digit(char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; }

  void expect(char c) {
    if (next() != c) refuse();
    ++at_;
  }

  /// With the first number of each pair of brackets.
  std::string name() {
    std::string text;
    while (at_ < list_.size() && next() != ',') {
      const auto c = static_cast<unsigned char>(next());
      if (c == '[') {
        text += numbers();
      } else if (std::isalnum(c) != 0 ||
                 std::string_view("-._").find(next()) != std::string::npos) {
        text += next();
        ++at_;
      } else {
        refuse();
      }
    }
    if (text.empty()) refuse();
    return text;
  }

  /// [003-007,9]; returns the first, zeros in front included.
  std::string numbers() {
    expect('[');
    const std::string first = range();
    while (next() == ',') {
      ++at_;
      static_cast<void>(range());
    }
    expect(']');
    return first;
  }

  std::string range() {
    std::string first = number();
    if (next() == '-') {
      ++at_;
      if (!in_order(first, number())) refuse();
    }
    return first;
  }

  std::string number() {
    const std::size_t begin = at_;
    while (is_digit(next())) ++at_;
    if (at_ == begin) refuse();
    return std::string(list_.substr(begin, at_ - begin));
  }

  static bool in_order(std::string a, std::string b) {
    const std::size_t width = std::max(a.size(), b.size());
    a.insert(0, width - a.size(), '0');
    b.insert(0, width - b.size(), '0');
    return a <= b;
  }

  [[noreturn]] void refuse() const {
    throw ConfigError("'" + std::string(list_) +
                      "' is no list of nodes as Slurm writes them, node[003-007,9],login: wrong "
                      "from character " +
                      std::to_string(at_ + 1) + " on");
  }

  std::string_view list_;
  std::size_t at_ = 0;
};

}  // namespace

std::string first_node(std::string_view list) { return NodeListReader(list).read(); }

}  // namespace syncline
