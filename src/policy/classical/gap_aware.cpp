#include <nlohmann/json.hpp>

#include "policy/entries.hpp"

namespace syncline {
namespace {

/// Async that divides each gradient by its gap: 1 + ||w_now - w_read|| / C, C the mean length of a
/// step so far, that is, by about how many steps of usual length the parameters have moved.
class GapAware final : public ValuePolicy<GapAware> {
 public:
  [[nodiscard]] Requirements requirements() const override {
    Requirements requirements;
    requirements.observables.distance = true;
    requirements.observables.step = true;
    return requirements;
  }
  void begin(const Begin&, Actions& actions) override { actions.send_all_parked(); }

  void arrive(const Arrive& event, Actions& actions) override {
    actions.fold(0, 1 / (mean_length_ > 0 ? 1 + event.distance / mean_length_ : 1));
    actions.step(0, 1);
    actions.send(event.worker);
  }
  void stepped(const Stepped& event, Actions&) override {
    ++steps_;
    mean_length_ += (event.length - mean_length_) / static_cast<double>(steps_);
  }

  [[nodiscard]] nlohmann::json state() const override {
    return {{"steps", steps_}, {"mean_length", mean_length_}};
  }
  void restore(const nlohmann::json& state) override {
    state.at("steps").get_to(steps_);
    state.at("mean_length").get_to(mean_length_);
  }

 private:
  std::uint64_t steps_ = 0;
  double mean_length_ = 0;
};

}  // namespace

PolicyEntry gap_aware_policy() {
  return {"gap-aware",
          "async that divides a gradient by how far the parameters have moved since it was read",
          "Barkai, Hakimi, Schuster, arXiv 1909.10802",
          {},
          [](const Arguments&, const PolicyContext&) { return std::make_unique<GapAware>(); }};
}

}  // namespace syncline
