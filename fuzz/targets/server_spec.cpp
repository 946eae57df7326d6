// The texts of specs of what the server does with gradients.

#include <nlohmann/json.hpp>

#include "spec_kinds.hpp"
#include "syncline/aggregator.hpp"
#include "syncline/attack.hpp"
#include "syncline/optimizer.hpp"
#include "syncline/step_size.hpp"
#include "syncline/transform.hpp"
#include "targets/entries.hpp"

namespace syncline::fuzz {
namespace {

constexpr std::uint32_t workers = 8;
constexpr AggregatorShape shape{.dimension = 10, .length = 12, .seed = 1};

void check_schedule(const std::string& text) {
  const auto schedule = make_schedule(text);
  for (const double at : {0.0, 1.0, 1e6}) {
    // One that grows without end may well be infinite at last.
    promise(schedule->factor({at, at, 1}) >= 0, "a factor");
  }
}

void check_rule(const std::string& text) {
  promise(make_rule(text)->factor(1, 0.1) >= 0, "a factor");
}

void check_optimizer(const std::string& text) {
  make_both([&](auto real) { return make_optimizer<decltype(real)>(text, shape.dimension); });
}

void check_aggregator(const std::string& text) {
  make_both([&](auto real) { return make_aggregator<decltype(real)>(text, shape); });
}

void check_transform(const std::string& text) {
  make_both([&](auto real) {
    return make_transform<decltype(real)>(text, {shape.dimension, workers});
  });
}

void check_attack(const std::string& text) {
  make_both([&](auto real) { return make_attack<decltype(real)>(text, shape, workers); });
}

const SpecKind kinds[] = {
    {"schedule", check_schedule, [] { return texts_of(step_size_schedules()); }},
    {"rule", check_rule, [] { return texts_of(step_size_rules()); }},
    {"optimizer", check_optimizer, [] { return texts_of(optimizers()); }},
    {"aggregator", check_aggregator, [] { return texts_of(aggregators()); }},
    {"transform", check_transform, [] { return texts_of(transforms()); }},
    {"attack", check_attack, [] { return texts_of(attacks()); }}};

void take(std::string_view input) { take_spec(kinds, input); }

std::vector<std::string> seeds() { return accepted(server_spec_target, all_specs(kinds)); }

}  // namespace

const Target server_spec_target{"server-spec", "a spec of the server, after its kind", take, seeds};

}  // namespace syncline::fuzz
