#include <nlohmann/json.hpp>

#include "policy/entries.hpp"

namespace syncline {
namespace {

/// Async that drops a gradient if the parameters have moved too far since it was read.
class Picky final : public ValuePolicy<Picky> {
 public:
  explicit Picky(double radius) : radius_(radius) {}

  [[nodiscard]] Requirements requirements() const override {
    Requirements requirements;
    requirements.observables.distance = true;
    return requirements;
  }
  void begin(const Begin&, Actions& actions) override { actions.send_all_parked(); }
  void arrive(const Arrive& event, Actions& actions) override {
    if (event.distance <= radius_) {
      actions.fold(0, 1);
      actions.step(0, 1);
    } else {
      actions.drop("too far");
    }
    actions.send(event.worker);
  }
  [[nodiscard]] nlohmann::json state() const override { return nullptr; }
  void restore(const nlohmann::json&) override {}

 private:
  double radius_;
};

}  // namespace

PolicyEntry picky_policy() {
  return {"picky",
          "async that drops a gradient if the parameters have moved too far since it was read",
          "Cohen, Daniely, Drori, Koren, Schain, arXiv 2106.11879",
          {{"radius",
            "the longest way; the theory's choice is epsilon / (2 L), epsilon the norm of "
            "the gradient aimed at",
            std::nullopt}},
          [](const Arguments& arguments, const PolicyContext&) {
            return std::make_unique<Picky>(arguments.positive("radius"));
          }};
}

}  // namespace syncline
