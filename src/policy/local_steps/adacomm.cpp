#include <algorithm>
#include <cmath>

#include <nlohmann/json.hpp>

#include "policy/entries.hpp"
#include "policy/local_steps/local_steps.hpp"

namespace syncline {
namespace {

/// Local SGD of everybody whose number of local steps falls with the root of the training loss:
/// ceil(sqrt(F / F_0) H_0) every interval, or half of what it was where that would not fall.
class AdaComm final : public ValuePolicy<AdaComm> {
 public:
  AdaComm(std::uint32_t steps, double interval, std::uint32_t workers)
      : first_steps_(steps), interval_(interval), workers_(workers), steps_(steps) {}

  [[nodiscard]] Requirements requirements() const override {
    Requirements requirements;
    requirements.program = "local-sgd";
    requirements.measurements = {{"train_loss", interval_}};
    requirements.payloads_per_step = workers_;
    requirements.distinct_workers = true;
    requirements.data_shares = DataShares::equal;
    return requirements;
  }
  void begin(const Begin&, Actions& actions) override {
    actions.set("local_steps", steps_);
    actions.send_all_parked({steps_, steps_});
  }
  void arrive(const Arrive& event, Actions& actions) override {
    actions.fold(0, 1 / static_cast<double>(workers_));
    if (++folded_ < workers_) {
      actions.park(event.worker);
    } else {
      actions.step(0, 1);
    }
  }
  void stepped(const Stepped&, Actions& actions) override {
    folded_ = 0;
    actions.send_all_parked({steps_, steps_});
  }
  void measured(const Measured& event, Actions& actions) override {
    if (!std::isfinite(event.value)) return;
    if (first_loss_ == 0) {
      first_loss_ = event.value;
      return;
    }
    if (steps_ == 1) return;
    const double root = std::sqrt(std::max(0.0, event.value) / first_loss_);
    const double wanted = std::max(1.0, std::ceil(root * first_steps_));
    steps_ = wanted < steps_ ? static_cast<std::uint32_t>(wanted) : std::max(1U, steps_ / 2);
    actions.set("local_steps", steps_);
  }

  [[nodiscard]] nlohmann::json state() const override {
    return {{"steps", steps_}, {"folded", folded_}, {"first_loss", first_loss_}};
  }
  void restore(const nlohmann::json& state) override {
    state.at("steps").get_to(steps_);
    state.at("folded").get_to(folded_);
    state.at("first_loss").get_to(first_loss_);
  }

 private:
  std::uint32_t first_steps_;
  double interval_;
  std::uint32_t workers_;
  std::uint32_t steps_;
  std::uint32_t folded_ = 0;
  double first_loss_ = 0;  ///< 0: not measured yet
};

}  // namespace

PolicyEntry adacomm_policy() {
  return {
      "adacomm",
      "local SGD with ever fewer local steps as the training loss falls",
      "Wang and Joshi, arXiv 1810.08313",
      {{"steps", "local steps at the start", "20"}, {"interval", "time between decisions", "60"}},
      [](const Arguments& arguments, const PolicyContext& context) {
        return std::make_unique<AdaComm>(local_steps(arguments), arguments.positive("interval"),
                                         context.workers);
      }};
}

}  // namespace syncline
