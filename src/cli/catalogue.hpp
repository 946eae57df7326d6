#pragma once

#include <string>
#include <vector>

#include "syncline/spec.hpp"

namespace syncline {

/// A registry without its factories: what can be told about its entries.
struct CatalogueEntry {
  std::string name;
  std::string summary;
  std::string source;
  std::vector<Parameter> parameters;
};

struct Catalogue {
  std::string kind;  ///< "policies", as in `syncline list policies`
  std::vector<CatalogueEntry> entries;
};

/// All registries of the program.
[[nodiscard]] const std::vector<Catalogue>& catalogues();

}  // namespace syncline
