#pragma once

#include <functional>

#include <nlohmann/json.hpp>

#include "syncline/policy.hpp"

namespace syncline::testing {

/// What a policy does at each event. As it stands: async, which breaks no law. Tests replace one
/// answer by a wrong one.
struct Script {
  std::uint32_t slots = 1;
  std::uint32_t tables = 0;
  std::function<void(const Begin&, Actions&)> begin = [](const Begin&, Actions& actions) {
    actions.send_all_parked();
  };
  std::function<void(const Arrive&, Actions&)> arrive = [](const Arrive& event, Actions& actions) {
    actions.fold(0, 1);
    actions.step(0, 1);
    actions.send(event.worker);
  };
  std::function<void(const Stepped&, Actions&)> stepped = [](const Stepped&, Actions&) {};
  std::function<void(const TimerFired&, Actions&)> timer_fired = [](const TimerFired&, Actions&) {};
  std::function<void(const Progressed&, Actions&)> progressed = [](const Progressed&, Actions&) {};
};

class ScriptedPolicy final : public Policy {
 public:
  explicit ScriptedPolicy(Script script) : script_(std::move(script)) {}
  [[nodiscard]] std::unique_ptr<Policy> clone() const override {
    return std::make_unique<ScriptedPolicy>(*this);
  }
  [[nodiscard]] Requirements requirements() const override {
    Requirements requirements;
    requirements.slots = script_.slots;
    requirements.tables = script_.tables;
    return requirements;
  }
  void begin(const Begin& event, Actions& actions) override { script_.begin(event, actions); }
  void arrive(const Arrive& event, Actions& actions) override { script_.arrive(event, actions); }
  void stepped(const Stepped& event, Actions& actions) override { script_.stepped(event, actions); }
  void timer_fired(const TimerFired& event, Actions& actions) override {
    script_.timer_fired(event, actions);
  }
  void progressed(const Progressed& event, Actions& actions) override {
    script_.progressed(event, actions);
  }
  [[nodiscard]] nlohmann::json state() const override { return nlohmann::json::object(); }
  void restore(const nlohmann::json&) override {}

 private:
  Script script_;
};

}  // namespace syncline::testing
