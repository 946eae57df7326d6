#include <nlohmann/json.hpp>

#include "policy/entries.hpp"

namespace syncline {
namespace {

/// Async that is what it is by what the server does to each gradient on its arrival.
class TransformedAsync final : public ValuePolicy<TransformedAsync> {
 public:
  explicit TransformedAsync(std::string transform) : transform_(std::move(transform)) {}

  [[nodiscard]] Requirements requirements() const override {
    Requirements requirements;
    requirements.transform = transform_;
    return requirements;
  }
  void begin(const Begin&, Actions& actions) override { actions.send_all_parked(); }
  void arrive(const Arrive& event, Actions& actions) override {
    actions.fold(0, 1);
    actions.step(0, 1);
    actions.send(event.worker);
  }
  [[nodiscard]] nlohmann::json state() const override { return nullptr; }
  void restore(const nlohmann::json&) override {}

 private:
  std::string transform_;
};

}  // namespace

PolicyEntry clipped_policy() {
  return {"clipped-asgd",
          "async with each gradient cut to a norm, so that a stale one can do little harm",
          "Erickson and Johansson, arXiv 2606.13287",
          {{"norm", "the longest norm; 0: the median of the last 100", "0"}},
          [](const Arguments& arguments, const PolicyContext&) {
            const bool median = arguments.non_negative("norm") == 0;
            return std::make_unique<TransformedAsync>(
                median ? "median-clip" : "clip(norm=" + arguments.text("norm") + ")");
          }};
}

PolicyEntry delay_compensated_policy() {
  return {"dc-asgd",
          "async with gradients carried from the version they were read at to the present one",
          "Zheng et al., arXiv 1609.08326",
          {{"lambda", "how much; usual: 0.04, or 2 if adaptive", "0.04"},
           {"adaptive", "divide lambda by the root mean square of the gradient", "false"}},
          [](const Arguments& arguments, const PolicyContext&) {
            static_cast<void>(arguments.non_negative("lambda"));
            const std::string name = arguments.boolean("adaptive") ? "adaptive-delay-compensation"
                                                                   : "delay-compensation";
            return std::make_unique<TransformedAsync>(name + "(lambda=" + arguments.text("lambda") +
                                                      ")");
          }};
}

}  // namespace syncline
