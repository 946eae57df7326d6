// Measurements that a policy asks for, beside those that come by themselves.

#include <string>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "support/manual_clock.hpp"
#include "syncline/host.hpp"

namespace syncline {
namespace {

/// Async that asks for measurement `which` at every second step, and counts what it is told.
class Asking final : public Policy {
 public:
  explicit Asking(std::uint32_t which) : which_(which) {}
  [[nodiscard]] std::unique_ptr<Policy> clone() const override {
    return std::make_unique<Asking>(*this);
  }
  [[nodiscard]] Requirements requirements() const override {
    Requirements requirements;
    requirements.measurements = {{"train_loss", 0}, {"noise_cost", 0}, {"train_loss", 10}};
    return requirements;
  }
  void begin(const Begin&, Actions& actions) override { actions.send_all_parked(); }
  void arrive(const Arrive& event, Actions& actions) override {
    actions.fold(0, 1);
    actions.step(0, 1);
    actions.send(event.worker);
  }
  void stepped(const Stepped& event, Actions& actions) override {
    if (event.version % 2 != 0) return;
    actions.measure(which_);
    actions.measure(0);
  }
  void measured(const Measured& event, Actions& actions) override {
    actions.set(event.name == "noise_cost" ? "noise" : "loss", event.value);
  }
  [[nodiscard]] nlohmann::json state() const override { return nlohmann::json::object(); }
  void restore(const nlohmann::json&) override {}

 private:
  std::uint32_t which_;
};

class Published final : public HostObserver {
 public:
  void published(const char* name, double value, double) override {
    text += std::string(name) + "=" + std::to_string(static_cast<int>(value)) + " ";
  }
  std::string text;
};

TEST_CASE("a measurement that is asked for comes after that event, in the order of asking") {
  Host host(std::make_unique<Asking>(1), "asking", 2);
  Published published;
  host.add_observer(&published);
  testing::ManualClock clock;
  host.begin(0, clock);
  // Those without an interval don't come by themselves, the one with an interval does.
  REQUIRE(host.due_measurement() != nullptr);
  CHECK(host.due_measurement()->every == 10);
  host.measured(0, 1, clock);
  CHECK(host.due_measurement() == nullptr);

  clock.push(host, 0, 1);
  CHECK(host.due_measurement() == nullptr);
  clock.push(host, 1, 2);
  REQUIRE(host.due_measurement() != nullptr);
  CHECK(host.due_measurement()->name == "noise_cost");
  host.measured(2, 7, clock);
  REQUIRE(host.due_measurement() != nullptr);
  CHECK(host.due_measurement()->name == "train_loss");
  host.measured(2, 3, clock);
  CHECK(host.due_measurement() == nullptr);
  CHECK(published.text == "loss=1 noise=7 loss=3 ");
}

TEST_CASE("a measurement that was not declared is refused with the policy and the event") {
  Host host(std::make_unique<Asking>(3), "asking(which=3)", 1);
  testing::ManualClock clock;
  host.begin(0, clock);
  host.measured(0, 1, clock);
  clock.push(host, 0, 1);
  std::string message;
  try {
    clock.push(host, 0, 2);
  } catch (const InternalError& error) {
    message = error.what();
  }
  CHECK(message.find("asking(which=3)") != std::string::npos);
  CHECK(message.find("measurement 3") != std::string::npos);
  CHECK(message.find("Arrive at time 2") != std::string::npos);
}

}  // namespace
}  // namespace syncline
