#pragma once

#include "study.hpp"

namespace syncline::repro {

/// All studies, in the order of the pages.
[[nodiscard]] const std::vector<Study>& studies();

/// Throws ConfigError that names those there are.
[[nodiscard]] const Study& study_named(const std::string& id);

// One file each.
[[nodiscard]] Study fig03_timelines();
[[nodiscard]] Study fig05_speed_up();
[[nodiscard]] Study fig06_runtime();
[[nodiscard]] Study fig07_theory();
[[nodiscard]] Study fig08_log_loss();
[[nodiscard]] Study fig09_compensated_step();
[[nodiscard]] Study fig10_batch_async();
[[nodiscard]] Study fig11_12_k_sync();
[[nodiscard]] Study fig13_14_mini_batch();
[[nodiscard]] Study adasync_lenet();
[[nodiscard]] Study adasync_resnet();
[[nodiscard]] Study beyond_horizon();
[[nodiscard]] Study beyond_law_map();
[[nodiscard]] Study field_tridiagonal();
[[nodiscard]] Study field_time_laws();
[[nodiscard]] Study field_unlike_data();
[[nodiscard]] Study field_bridge();
[[nodiscard]] Study field_fedglomo();

}  // namespace syncline::repro
