#include <algorithm>
#include <cmath>

#include <nlohmann/json.hpp>

#include "policy/entries.hpp"
#include "policy/local_steps/local_steps.hpp"

namespace syncline {
namespace {

/// Local steps without waiting, one server step for every push, with delayed Nesterov momentum at
/// the server. With dynamic local updates a worker takes as many local steps as its speed allows in
/// the time in which the fastest takes H.
class AsyncLocalSgd final : public ValuePolicy<AsyncLocalSgd> {
 public:
  AsyncLocalSgd(std::uint32_t steps, bool dynamic, double rate, std::string optimizer,
                std::uint32_t workers)
      : most_steps_(steps),
        dynamic_(dynamic),
        rate_(rate),
        optimizer_(std::move(optimizer)),
        steps_(workers, steps),
        speeds_(workers, 0) {}

  [[nodiscard]] Requirements requirements() const override {
    Requirements requirements;
    requirements.program = "local-sgd";
    requirements.optimizer = optimizer_;
    return requirements;
  }
  void begin(const Begin&, Actions& actions) override {
    actions.send_all_parked({most_steps_, most_steps_});
  }

  void arrive(const Arrive& event, Actions& actions) override {
    actions.fold(0, 1);
    actions.step(0, rate_);
    std::uint32_t& steps = steps_[event.worker];
    if (dynamic_) {
      note_speed(event, steps);
      const double fastest = *std::max_element(speeds_.begin(), speeds_.end());
      const double share = fastest > 0 ? speeds_[event.worker] / fastest : 1;
      steps = std::max(1U, static_cast<std::uint32_t>(std::floor(share * most_steps_)));
    }
    actions.send(event.worker, {steps, steps});
  }

  [[nodiscard]] nlohmann::json state() const override {
    return {{"steps", steps_}, {"speeds", speeds_}};
  }
  void restore(const nlohmann::json& state) override {
    state.at("steps").get_to(steps_);
    state.at("speeds").get_to(speeds_);
  }

 private:
  /// The weight of a new speed in the running mean.
  static constexpr double share_of_new = 0.3;

  void note_speed(const Arrive& event, std::uint32_t steps) {
    const double duration = event.time - event.start;
    if (duration <= 0) return;
    double& speed = speeds_[event.worker];
    const double now = steps / duration;
    speed = speed == 0 ? now : speed + share_of_new * (now - speed);
  }

  std::uint32_t most_steps_;
  bool dynamic_;
  double rate_;
  std::string optimizer_;
  std::vector<std::uint32_t> steps_;  ///< of each worker's running job
  std::vector<double> speeds_;        ///< local steps per time; 0: not known
};

}  // namespace

PolicyEntry async_local_sgd_policy() {
  return {"async-local-sgd",
          "local steps without waiting, delayed Nesterov momentum, as many steps as speed allows",
          "Liu et al., arXiv 2401.09135",
          {{"steps", "local steps of the fastest worker's jobs", "50"},
           {"dynamic", "fewer steps for slower workers, so that all jobs last alike", "true"},
           {"rate", "of the server", "0.7"},
           {"momentum", "of the server, 0 <= beta < 1", "0.9"},
           {"period", "pushes between two changes of the momentum; 0: P", "0"}},
          [](const Arguments& arguments, const PolicyContext& context) {
            if (arguments.non_negative("momentum") >= 1) {
              arguments.refuse("momentum", "must be below 1");
            }
            std::uint64_t period = arguments.whole("period");
            if (period == 0) period = context.workers;
            return std::make_unique<AsyncLocalSgd>(
                local_steps(arguments), arguments.boolean("dynamic"), arguments.positive("rate"),
                "delayed-nesterov(momentum=" + arguments.text("momentum") +
                    ", period=" + std::to_string(period) + ")",
                context.workers);
          }};
}

}  // namespace syncline
