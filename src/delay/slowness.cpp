#include "syncline/slowness.hpp"

#include <array>

#include "syncline/error.hpp"
#include "syncline/spec.hpp"

namespace syncline {

std::optional<Slowness> Slowness::parse(std::string_view text) {
  if (text.find_first_not_of(" \t") == std::string_view::npos) return std::nullopt;
  const Spec spec = parse_spec(text);
  if (spec.name == "none" && spec.arguments.empty()) return std::nullopt;
  if (spec.name != "markov") {
    throw ConfigError("unknown slowness '" + to_text(spec) +
                      "'; write none or markov(mean_normal=100, mean_slow=20, factor=5)");
  }
  const std::array<Parameter, 3> parameters = {{
      {"mean_normal", "mean time in the normal state, above 0", std::nullopt},
      {"mean_slow", "mean time in the slow state, above 0", std::nullopt},
      {"factor", "how many times longer work takes in the slow state, 1 or more", std::nullopt},
  }};
  const Arguments arguments(spec, parameters);
  Slowness slowness{arguments.positive("mean_normal"), arguments.positive("mean_slow"),
                    arguments.positive("factor")};
  if (slowness.factor < 1) arguments.refuse("factor", "must be at least 1");
  return slowness;
}

}  // namespace syncline
