#include <cmath>

#include <nlohmann/json.hpp>

#include "policy/entries.hpp"
#include "policy/local_steps/local_steps.hpp"

namespace syncline {
namespace {

/// Steps on every K displacements of local steps from anyone, each over a power of its staleness;
/// nobody waits. FedAsync is K = 1 with another weight and displacements from the present version.
class Buffered final : public ValuePolicy<Buffered> {
 public:
  struct Settings {
    std::uint64_t buffer = 1;
    std::uint32_t steps = 1;
    double exponent = 0.5;  ///< weight (1 + staleness)^-exponent
    double rate = 1;        ///< of the server
    std::string transform;
  };
  explicit Buffered(Settings settings) : settings_(std::move(settings)) {}

  [[nodiscard]] Requirements requirements() const override {
    Requirements requirements;
    requirements.program = "local-sgd";
    requirements.transform = settings_.transform;
    requirements.payloads_per_step = settings_.buffer;
    return requirements;
  }
  void begin(const Begin&, Actions& actions) override { actions.send_all_parked(work()); }

  void arrive(const Arrive& event, Actions& actions) override {
    const auto delay = static_cast<double>(event.staleness());
    const double weight = std::pow(1 + delay, -settings_.exponent);
    actions.fold(0, weight / static_cast<double>(settings_.buffer));
    if (++folded_ == settings_.buffer) {
      folded_ = 0;
      actions.step(0, settings_.rate);
    }
    actions.send(event.worker, work());
  }

  [[nodiscard]] nlohmann::json state() const override { return {{"folded", folded_}}; }
  void restore(const nlohmann::json& state) override { state.at("folded").get_to(folded_); }

 private:
  [[nodiscard]] Work work() const { return {settings_.steps, settings_.steps}; }

  Settings settings_;
  std::uint64_t folded_ = 0;
};

Buffered::Settings common_settings(const Arguments& arguments) {
  Buffered::Settings settings;
  settings.steps = local_steps(arguments);
  settings.exponent = arguments.non_negative("exponent");
  return settings;
}

constexpr const char* exponent_text = "a, weights are (1 + staleness)^-a";

}  // namespace

PolicyEntry fedbuff_policy() {
  return {"fedbuff",
          "local steps without waiting; the server steps on every few displacements",
          "Nguyen et al., arXiv 2106.06639",
          {{"buffer", "displacements in a step", "10"},
           {"steps", "local steps of a job", "10"},
           {"exponent", exponent_text, "0.5"},
           {"rate", "of the server", "1"}},
          [](const Arguments& arguments, const PolicyContext&) {
            auto settings = common_settings(arguments);
            settings.buffer = arguments.at_least_one("buffer");
            settings.rate = arguments.positive("rate");
            return std::make_unique<Buffered>(std::move(settings));
          }};
}

PolicyEntry fedasync_policy() {
  return {"fedasync",
          "local steps without waiting; every result is mixed into the model",
          "Xie, Koyejo, Gupta, arXiv 1903.03934",
          {{"mixing", "alpha: w <- (1 - alpha) w + alpha y, above 0 to 1", "0.6"},
           {"steps", "local steps of a job", "10"},
           {"exponent", exponent_text, "0.5"}},
          [](const Arguments& arguments, const PolicyContext&) {
            auto settings = common_settings(arguments);
            settings.rate = arguments.positive("mixing");
            if (settings.rate > 1) arguments.refuse("mixing", "must be above 0, to 1");
            settings.transform = "interpolation";
            return std::make_unique<Buffered>(std::move(settings));
          }};
}

}  // namespace syncline
