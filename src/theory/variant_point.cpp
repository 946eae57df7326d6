#include "syncline/error.hpp"
#include "syncline/policy.hpp"
#include "syncline/spec.hpp"
#include "syncline/theory.hpp"

namespace syncline {

const char* kind_name(EstimateKind kind) {
  switch (kind) {
    case EstimateKind::exact:
      return "exact";
    case EstimateKind::numeric:
      return "numeric";
    case EstimateKind::asymptotic:
      return "asymptotic";
    case EstimateKind::bound:
      return "bound";
    case EstimateKind::approximation:
      return "approximation";
    case EstimateKind::simulated:
      return "simulated";
  }
  throw InternalError("an estimate of no kind");
}

const char* family_name(VariantFamily family) {
  switch (family) {
    case VariantFamily::k_sync:
      return "k-sync";
    case VariantFamily::k_batch_sync:
      return "k-batch-sync";
    case VariantFamily::k_async:
      return "k-async";
    case VariantFamily::k_batch_async:
      return "k-batch-async";
  }
  throw InternalError("a variant of no family");
}

std::optional<VariantPoint> variant_point(std::string_view policy, std::uint32_t workers) {
  const Spec spec = parse_spec(policy);
  const auto& entry = policies().find(spec.name);
  const Arguments arguments(spec, entry.parameters);
  if (spec.name == "sync") return VariantPoint{VariantFamily::k_sync, workers};
  if (spec.name == "async") return VariantPoint{VariantFamily::k_async, 1};
  for (const auto family : {VariantFamily::k_sync, VariantFamily::k_batch_sync,
                            VariantFamily::k_async, VariantFamily::k_batch_async}) {
    if (spec.name != family_name(family)) continue;
    // Making it checks K and `rest`.
    PolicyContext context;
    context.workers = workers;
    static_cast<void>(make_policy(policy, context));
    const bool cancels = family == VariantFamily::k_sync || family == VariantFamily::k_batch_sync;
    if (cancels && arguments.text("rest") != "cancel") return std::nullopt;
    return VariantPoint{family, arguments.at_least_one("k")};
  }
  return std::nullopt;
}

}  // namespace syncline
