#include "metrics/sample_line.hpp"

#include <cctype>
#include <cstdlib>

#include "syncline/error.hpp"

namespace syncline {
namespace {

/// Reads one line from front to back.
class SampleReader {
 public:
  explicit SampleReader(std::string_view line) : line_(line) {}

  MetricSample read() {
    MetricSample sample;
    sample.name = name();
    if (next() == '{') labels(sample);
    sample.value = number();
    return sample;
  }

 private:
  [[nodiscard]] char next() const { return at_ < line_.size() ? line_[at_] : '\0'; }

  std::string name() {
    const std::size_t begin = at_;
    const auto is_part = [](char c) {
      return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == ':';
    };
    while (is_part(next())) ++at_;
    if (at_ == begin) refuse("a name is missing");
    return std::string(line_.substr(begin, at_ - begin));
  }

  void expect(char c) {
    if (next() != c) refuse("'" + std::string(1, c) + "' is missing");
    ++at_;
  }

  void labels(MetricSample& sample) {
    expect('{');
    while (next() != '}') {
      std::string label = name();
      expect('=');
      sample.labels.emplace_back(std::move(label), text());
      if (next() != '}') expect(',');
    }
    expect('}');
  }

  std::string text() {
    std::string value;
    expect('"');
    for (; next() != '"'; ++at_) {
      if (at_ >= line_.size()) refuse("a text has no end");
      if (next() == '\\') {
        ++at_;
        value += next() == 'n' ? '\n' : next();
      } else {
        value += next();
      }
    }
    expect('"');
    return value;
  }

  double number() {
    if (next() != ' ') refuse("the value is missing");
    while (next() == ' ') ++at_;
    const std::string rest(line_.substr(at_, line_.find(' ', at_) - at_));
    char* end = nullptr;
    const double value = std::strtod(rest.c_str(), &end);
    if (rest.empty() || *end != '\0') refuse("'" + rest + "' is no number");
    return value;
  }

  [[noreturn]] void refuse(const std::string& why) const {
    throw DataError(why + ", in '" + std::string(line_.substr(0, 200)) + "'");
  }

  std::string_view line_;
  std::size_t at_ = 0;
};

}  // namespace

const std::string& MetricSample::label(std::string_view wanted) const {
  static const std::string none;
  for (const auto& [known, text] : labels) {
    if (known == wanted) return text;
  }
  return none;
}

MetricSample read_sample(std::string_view line) { return SampleReader(line).read(); }

}  // namespace syncline
