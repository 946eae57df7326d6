#include "policy/entries.hpp"

namespace syncline {
namespace {

std::vector<PolicyEntry> all_policies() {
  std::vector<PolicyEntry> entries = k_variant_policies();
  for (PolicyEntry& entry : std::vector<PolicyEntry>{rennala_policy(),
                                                     ringmaster_policy(),
                                                     clipped_policy(),
                                                     throttle_policy(),
                                                     mindflayer_policy(),
                                                     ata_policy(),
                                                     delay_adaptive_policy(),
                                                     softsync_policy(),
                                                     ssp_policy(),
                                                     picky_policy(),
                                                     gap_aware_policy(),
                                                     delay_compensated_policy(),
                                                     backup_workers_policy(),
                                                     fastest_k_policy(),
                                                     dynamic_backup_workers_policy(),
                                                     asynchronous_minibatch_policy(),
                                                     gradient_coding_policy(),
                                                     malenia_policy(),
                                                     ringleader_policy(),
                                                     incremental_aggregated_policy(),
                                                     rescaled_policy(),
                                                     fedavg_policy(),
                                                     adacomm_policy(),
                                                     fedbuff_policy(),
                                                     fedasync_policy(),
                                                     async_local_sgd_policy(),
                                                     fedlomo_policy(),
                                                     fedglomo_policy(),
                                                     stsyn_policy()}) {
    entries.push_back(std::move(entry));
  }
  return entries;
}

}  // namespace

const Registry<PolicyFactory>& policies() {
  static const Registry<PolicyFactory> registry("policy", all_policies());
  return registry;
}

std::unique_ptr<Policy> make_policy(std::string_view text, const PolicyContext& context) {
  const Spec spec = parse_spec(text);
  const auto& entry = policies().find(spec.name);
  return entry.make(Arguments(spec, entry.parameters), context);
}

}  // namespace syncline
