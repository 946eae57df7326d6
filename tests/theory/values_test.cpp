// The reference table: laws x P x variants x K, with exact values where known and Monte Carlo means
// elsewhere. Everything that the theory says of a row must hold it.

#include <cmath>
#include <map>

#include <doctest/doctest.h>

#include "support/reference.hpp"
#include "theory/theory_support.hpp"

namespace syncline {
namespace {

constexpr double allowed_errors = 4.5;
/// Of the table's closed forms, which are rounded to this.
constexpr double table_rounding = 2e-6;

std::map<std::string, Estimate> quantities(const VariantPoint& point, const DelayProfile& fleet) {
  const StalenessLaw staleness = staleness_law(point, fleet);
  std::map<std::string, Estimate> all = {{"E_T", runtime_per_update(point, fleet)},
                                         {"staleness", staleness.mean},
                                         {"p_fresh", staleness.fresh_fraction},
                                         {"cancelled_time", cancelled_time_fraction(point, fleet)},
                                         {"cancelled_tasks", cancelled_job_fraction(point, fleet)},
                                         {"idle", idle_fraction(point, fleet)}};
  // The fraction of cancelled jobs depends on how ties are counted.
  if (fleet.groups()[0].second->variance() == 0) all.erase("cancelled_tasks");
  return all;
}

TEST_CASE("theory, every row of the reference table, holds the exact or the simulated value") {
  const nlohmann::json table = testing::reference("values.json");
  REQUIRE(table.at("rows").size() == 518);
  std::size_t exact = 0;
  std::size_t simulated = 0;
  std::size_t close = 0;
  for (const auto& row : table.at("rows")) {
    const std::uint32_t workers = row.at("P");
    const std::string policy = testing::policy_text(row.at("variant"), row.at("K"));
    const DelayProfile fleet =
        DelayProfile::parse(testing::delay_text(row.at("law"), workers), workers);
    const VariantPoint point = testing::point(policy, workers);
    for (const auto& [name, ours] : quantities(point, fleet)) {
      if (!row.contains(name)) continue;
      CAPTURE(policy);
      CAPTURE(fleet.text());
      CAPTURE(name);
      CAPTURE(ours.source);
      CHECK(ours.lower <= ours.value);
      CHECK(ours.value <= ours.upper);
      const auto& entry = row.at(name);
      const bool known = entry.is_number() || !entry.at("exact").is_null();
      if (known) {
        const double truth = entry.is_number() ? entry : entry.at("exact");
        const double rounding = table_rounding * std::max(1.0, truth);
        CHECK(truth >= ours.lower - rounding);
        CHECK(truth <= ours.upper + rounding);
        if (ours.kind == EstimateKind::exact || ours.kind == EstimateKind::asymptotic) {
          CHECK(std::abs(ours.value - truth) <= rounding);
        }
        ++exact;
      } else if (!entry.at("mc").is_null()) {
        const double mean = entry.at("mc");
        const double spread = allowed_errors * entry.at("se").get<double>() + 1e-6;
        CHECK(mean >= ours.lower - spread);
        CHECK(mean <= ours.upper + spread);
        if (ours.kind == EstimateKind::numeric) {
          CHECK(std::abs(ours.value - mean) <= spread + 3e-3 * mean);
          ++close;
        }
        ++simulated;
      }
    }
  }
  CHECK(exact > 1500);
  CHECK(simulated > 100);
  CHECK(close > 50);
}

}  // namespace
}  // namespace syncline
