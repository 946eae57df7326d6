#include "syncline/step_size.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace syncline {
namespace {

/// Reads the clock in the unit that a schedule was written in.
class Unit {
 public:
  explicit Unit(const Arguments& arguments) : epochs_(arguments.text("unit") == "epochs") {
    if (!epochs_ && arguments.text("unit") != "updates") {
      arguments.refuse("unit", "must be updates or epochs");
    }
  }
  [[nodiscard]] double read(const TrainingClock& clock) const {
    return epochs_ ? clock.epochs : clock.updates;
  }
  [[nodiscard]] bool epochs() const { return epochs_; }
  /// The reading after the step about to be taken.
  [[nodiscard]] double read_after(const TrainingClock& clock) const {
    return read(clock) + (epochs_ ? clock.epochs_per_update : 1);
  }

 private:
  bool epochs_;
};

class Constant final : public StepSizeSchedule {
 public:
  [[nodiscard]] double factor(const TrainingClock&) const override { return 1; }
};

class Step final : public StepSizeSchedule {
 public:
  explicit Step(const Arguments& arguments)
      : unit_(arguments),
        every_(arguments.positive("every")),
        gamma_(arguments.positive("gamma")) {}
  [[nodiscard]] double factor(const TrainingClock& clock) const override {
    return std::pow(gamma_, std::floor(unit_.read(clock) / every_));
  }
  [[nodiscard]] bool needs_epochs() const override { return unit_.epochs(); }

 private:
  Unit unit_;
  double every_, gamma_;
};

class Cosine final : public StepSizeSchedule {
 public:
  explicit Cosine(const Arguments& arguments)
      : unit_(arguments),
        length_(arguments.positive("length")),
        floor_(arguments.non_negative("floor")) {}
  [[nodiscard]] double factor(const TrainingClock& clock) const override {
    const double part = std::min(1.0, unit_.read(clock) / length_);
    return floor_ + (1 - floor_) * (1 + std::cos(std::numbers::pi * part)) / 2;
  }

  [[nodiscard]] bool needs_epochs() const override { return unit_.epochs(); }

 private:
  Unit unit_;
  double length_, floor_;
};

class Warmup final : public StepSizeSchedule {
 public:
  explicit Warmup(const Arguments& arguments)
      : unit_(arguments),
        length_(arguments.positive("length")),
        then_(make_schedule(arguments.text("then"))) {}
  [[nodiscard]] double factor(const TrainingClock& clock) const override {
    // The first step already has a size: in updates, (t + 1) / length, up to 1.
    const double ramp = std::min(1.0, unit_.read_after(clock) / length_);
    return ramp * then_->factor(clock);
  }
  [[nodiscard]] bool needs_epochs() const override {
    return unit_.epochs() || then_->needs_epochs();
  }

 private:
  Unit unit_;
  double length_;
  std::unique_ptr<const StepSizeSchedule> then_;
};

class ConstantRule final : public StepSizeRule {
 public:
  [[nodiscard]] double factor(double, double) const override { return 1; }
};

/// eta_j = min(C / ||w_j - w_tau||^2, eta_max), arXiv 1803.01113 eq. (13), as a factor on eta_max;
/// for K > 1 it is applied to each of the K gradients by itself.
class StalenessRule final : public StepSizeRule {
 public:
  explicit StalenessRule(const Arguments& arguments) : c_(arguments.positive("c")) {}
  [[nodiscard]] bool needs_distance() const override { return true; }
  [[nodiscard]] double factor(double squared_distance, double step_size) const override {
    // Written so that distance 0 needs no division.
    if (c_ >= step_size * squared_distance) return 1;
    return c_ / (step_size * squared_distance);
  }

 private:
  double c_;
};

template <class Kind>
ScheduleFactory schedule_factory() {
  return [](const Arguments& arguments) { return std::make_unique<const Kind>(arguments); };
}

const Parameter unit_parameter = {"unit", "updates or epochs", "updates"};

}  // namespace

const Registry<ScheduleFactory>& step_size_schedules() {
  static const Registry<ScheduleFactory> registry(
      "schedule", {{"constant",
                    "the configured step size",
                    "arXiv 2003.10579",
                    {},
                    [](const Arguments&) { return std::make_unique<const Constant>(); }},
                   {"step",
                    "times gamma after every so many updates or epochs",
                    "usual practice",
                    {{"every", "length of one stair", std::nullopt},
                     {"gamma", "factor at each stair", "0.1"},
                     unit_parameter},
                    schedule_factory<Step>()},
                   {"cosine",
                    "half a cosine from 1 down to the floor",
                    "Loshchilov and Hutter, arXiv 1608.03983, without restarts",
                    {{"length", "until the floor is reached", std::nullopt},
                     {"floor", "smallest factor", "0"},
                     unit_parameter},
                    schedule_factory<Cosine>()},
                   {"warmup",
                    "a linear ramp up, then another schedule",
                    "Goyal et al., arXiv 1706.02677, section 2.2",
                    {{"length", "of the ramp", std::nullopt},
                     {"then", "the schedule that it multiplies", "constant"},
                     unit_parameter},
                    schedule_factory<Warmup>()}});
  return registry;
}

std::unique_ptr<const StepSizeSchedule> make_schedule(std::string_view text) {
  const Spec spec = parse_spec(text);
  const auto& entry = step_size_schedules().find(spec.name);
  return entry.make(Arguments(spec, entry.parameters));
}

const Registry<RuleFactory>& step_size_rules() {
  static const Registry<RuleFactory> registry(
      "step size rule",
      {{"constant",
        "every gradient counts alike",
        "arXiv 2003.10579",
        {},
        [](const Arguments&) { return std::make_unique<const ConstantRule>(); }},
       {"staleness",
        "step size min(C / ||w_now - w_read||^2, eta): cut where the parameters have moved",
        "arXiv 1803.01113, eq. (13)",
        {{"c",
          "C, of the order of the error floor that you want: the step size is cut exactly when "
          "||w_now - w_read||^2 > C / eta. The paper: eta = 0.01, C = 0.005 eta",
          std::nullopt}},
        [](const Arguments& arguments) {
          return std::make_unique<const StalenessRule>(arguments);
        }}});
  return registry;
}

std::unique_ptr<const StepSizeRule> make_rule(std::string_view text) {
  const Spec spec = parse_spec(text);
  const auto& entry = step_size_rules().find(spec.name);
  return entry.make(Arguments(spec, entry.parameters));
}

void check_step_size_scaling(std::string_view name) {
  if (name == "constant" || name == "linear" || name == "sqrt") return;
  throw ConfigError("optimizer.scaling must be constant, linear or sqrt, not '" +
                    std::string(name) + "'");
}

double step_size_scaling(std::string_view name, double k, double workers) {
  if (name == "linear") return k / workers;
  if (name == "sqrt") return std::sqrt(k / workers);
  return 1;
}

}  // namespace syncline
