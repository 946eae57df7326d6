#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// Fuzz targets give any bytes to one reader of the program (docs/fuzzing.md). libFuzzer drives them
// (libfuzzer.cpp), and a test of every build replays what is known (tests/fuzz/).
namespace syncline::fuzz {

/// A reader broke one of its promises on some input: a finding.
class BrokenPromise : public std::logic_error {
 public:
  using std::logic_error::logic_error;
};

inline void promise(bool kept, const std::string& what) {
  if (!kept) throw BrokenPromise(what);
}

struct Target {
  const char* name;   ///< also of its folder in fuzz/corpus/
  const char* reads;  ///< for people: what the bytes are
  /// Reads the bytes and checks what the reader promises of what it accepts. May throw Error, where
  /// it refuses them; whatever else it throws is a finding.
  void (*take)(std::string_view input);
  /// Inputs to start from, made by the program's own writers where it has them. All are accepted.
  std::vector<std::string> (*seeds)();
};

/// Whether the target accepts the input; false if it is refused with an Error that says why. Throws
/// on a finding.
bool accepts(const Target& target, std::string_view input);

/// Those inputs that the target accepts.
[[nodiscard]] std::vector<std::string> accepted(const Target& target,
                                                std::vector<std::string> inputs);

/// The seeds of a target, then the files of `corpus`/name in the order of their names: those that
/// end in .hex are bytes in hexadecimal, lines that begin with '#' left out, all others are the
/// input itself. Pairs of a name and an input.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> known_inputs(
    const Target& target, const std::string& corpus);

}  // namespace syncline::fuzz
