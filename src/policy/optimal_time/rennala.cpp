#include "policy/entries.hpp"
#include "policy/k_variants/k_variant.hpp"

namespace syncline {

PolicyEntry rennala_policy() {
  return {"rennala",
          "step on a batch of fresh gradients from anyone: K-batch-sync by its other name",
          "Tyurin and Richtarik, arXiv 2305.12387",
          {{"batch", "gradients in a step; the theory's choice is max(1, sigma^2 / epsilon)",
            std::nullopt},
           {"rest", "what unfinished jobs do: cancel, or finish (they run on and are dropped)",
            "cancel"}},
          [](const Arguments& arguments, const PolicyContext& context) {
            return std::make_unique<KVariant>(Count::batches, rest_of(arguments),
                                              arguments.at_least_one("batch"), nullptr, context);
          }};
}

}  // namespace syncline
