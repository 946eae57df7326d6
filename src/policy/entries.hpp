#pragma once

#include <vector>

#include "policy/policy_entry.hpp"

namespace syncline {

// Every policy, by family. To add one, write its file, name its row here and list it in
// registry.cpp.

/// The line from sync to async, and what moves along it: k_variants/.
[[nodiscard]] std::vector<PolicyEntry> k_variant_policies();

// classical/
[[nodiscard]] PolicyEntry asynchronous_minibatch_policy();
[[nodiscard]] PolicyEntry backup_workers_policy();
[[nodiscard]] PolicyEntry delay_adaptive_policy();
[[nodiscard]] PolicyEntry delay_compensated_policy();
[[nodiscard]] PolicyEntry dynamic_backup_workers_policy();
[[nodiscard]] PolicyEntry fastest_k_policy();
[[nodiscard]] PolicyEntry gap_aware_policy();
[[nodiscard]] PolicyEntry picky_policy();
[[nodiscard]] PolicyEntry softsync_policy();
[[nodiscard]] PolicyEntry ssp_policy();

// coding/
[[nodiscard]] PolicyEntry gradient_coding_policy();

// optimal_time/
[[nodiscard]] PolicyEntry ata_policy();
[[nodiscard]] PolicyEntry clipped_policy();
[[nodiscard]] PolicyEntry mindflayer_policy();
[[nodiscard]] PolicyEntry rennala_policy();
[[nodiscard]] PolicyEntry ringmaster_policy();
[[nodiscard]] PolicyEntry throttle_policy();

// heterogeneous/
[[nodiscard]] PolicyEntry incremental_aggregated_policy();
[[nodiscard]] PolicyEntry malenia_policy();
[[nodiscard]] PolicyEntry rescaled_policy();
[[nodiscard]] PolicyEntry ringleader_policy();

// local_steps/
[[nodiscard]] PolicyEntry adacomm_policy();
[[nodiscard]] PolicyEntry async_local_sgd_policy();
[[nodiscard]] PolicyEntry fedasync_policy();
[[nodiscard]] PolicyEntry fedavg_policy();
[[nodiscard]] PolicyEntry fedbuff_policy();
[[nodiscard]] PolicyEntry fedglomo_policy();
[[nodiscard]] PolicyEntry fedlomo_policy();
[[nodiscard]] PolicyEntry stsyn_policy();

}  // namespace syncline
