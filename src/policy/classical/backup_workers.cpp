#include "policy/entries.hpp"
#include "policy/k_variants/k_variant.hpp"

namespace syncline {

PolicyEntry backup_workers_policy() {
  return {"backup-workers",
          "sync that does not wait for the last few: K-sync with K = P - backups",
          "Chen, Pan, Monga, Bengio, Jozefowicz, arXiv 1604.00981",
          {{"backups", "workers not to wait for, 0..P-1", "1"},
           {"rest", "what unfinished jobs do: cancel, or finish (they run on and are dropped)",
            "finish"}},
          [](const Arguments& arguments, const PolicyContext& context) {
            const std::uint64_t backups = arguments.whole("backups");
            if (backups >= context.workers) {
              arguments.refuse("backups", "must be below the number of workers, " +
                                              std::to_string(context.workers));
            }
            return std::make_unique<KVariant>(Count::workers, rest_of(arguments),
                                              context.workers - backups, nullptr, context);
          }};
}

}  // namespace syncline
