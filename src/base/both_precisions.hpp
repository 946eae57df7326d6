#pragma once

#include <memory>
#include <string_view>
#include <type_traits>

#include "syncline/registry.hpp"

namespace syncline {

// Registered parts come in float and double: their factories have a member `single` and one `full`.

/// A factory that makes Kind<float> and Kind<double> from whatever it is called with.
template <class Factory, template <class> class Kind>
[[nodiscard]] Factory in_both_precisions() {
  Factory factory;
  factory.single = [](const auto&... arguments) {
    return std::make_unique<Kind<float>>(arguments...);
  };
  factory.full = [](const auto&... arguments) {
    return std::make_unique<Kind<double>>(arguments...);
  };
  return factory;
}

/// Makes the part that a text names, in the precision asked for. Throws ConfigError.
template <class Real, class Factory, class... More>
[[nodiscard]] auto make_in_precision(const Registry<Factory>& registry, std::string_view text,
                                     const More&... more) {
  const Spec spec = parse_spec(text);
  const auto& entry = registry.find(spec.name);
  const Arguments arguments(spec, entry.parameters);
  if constexpr (std::is_same_v<Real, float>) {
    return entry.make.single(arguments, more...);
  } else {
    return entry.make.full(arguments, more...);
  }
}

}  // namespace syncline
