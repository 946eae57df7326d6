#include "plan/estimate_json.hpp"

#include <nlohmann/json.hpp>

namespace syncline {

nlohmann::ordered_json to_json(const Estimate& estimate) {
  return {{"value", estimate.value},
          {"kind", kind_name(estimate.kind)},
          {"source", estimate.source},
          {"lower", estimate.lower},
          {"upper", estimate.upper}};
}

}  // namespace syncline
