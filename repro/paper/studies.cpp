#include "studies.hpp"

#include "syncline/error.hpp"

namespace syncline::repro {

const std::vector<Study>& studies() {
  static const std::vector<Study> all = {
      fig03_timelines(),     fig05_speed_up(),         fig06_runtime(),     fig07_theory(),
      fig08_log_loss(),      fig09_compensated_step(), fig10_batch_async(), fig11_12_k_sync(),
      fig13_14_mini_batch(), adasync_lenet(),          adasync_resnet(),    beyond_horizon(),
      beyond_law_map(),      field_tridiagonal(),      field_time_laws(),   field_unlike_data(),
      field_bridge(),        field_fedglomo(),
  };
  return all;
}

const Study& study_named(const std::string& id) {
  std::string names;
  for (const Study& study : studies()) {
    if (study.id == id) return study;
    names += (names.empty() ? "" : ", ") + study.id;
  }
  throw ConfigError("there is no study '" + id + "'; there are " + names);
}

}  // namespace syncline::repro
