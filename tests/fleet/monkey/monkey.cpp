#include "fleet/monkey/monkey.hpp"

#include <array>
#include <cmath>
#include <memory>

namespace syncline::testing {
namespace {

using Kind = Fault::Kind;
using Step = SimulatedNetwork::Step;

constexpr std::array<const char*, 11> names = {"kill",  "vanish",    "stop",       "slow",
                                               "cut",   "block_up",  "block_down", "block",
                                               "delay", "duplicate", "tear"};

/// About as many as a checkpoint takes: any of them is struck.
constexpr std::uint64_t most_writes = 14;

class RandomMonkey {
 public:
  RandomMonkey(std::uint64_t seed, std::size_t workers, std::size_t shards)
      : random_(seed), others_(workers + shards) {
    rate_ = std::pow(10.0, -1 - 2 * uniform());
    left_ = 1 + random_() % 25;
    for (double& weight : weights_) weight = uniform() < 0.4 ? 0 : uniform();
    if (shards > 0) weights_[static_cast<std::size_t>(Kind::duplicate)] = 0;
    server_ = uniform() < 0.5 ? 0 : uniform() / 2;
    longest_ = std::pow(10.0, -1 + 2.5 * uniform());
  }

  std::optional<Fault> operator()(Step step) {
    if (left_ == 0 || uniform() > rate_) return std::nullopt;
    Fault fault;
    fault.kind = draw_kind();
    const bool of_message = fault.kind == Kind::delay || fault.kind == Kind::duplicate;
    if (of_message && step != Step::sent) return std::nullopt;
    --left_;
    fault.process = 1 + random_() % others_;
    if (fault.kind <= Kind::slow && uniform() < server_) fault.process = 0;
    fault.time = SimulatedNetwork::Seconds(longest_ * std::pow(10.0, -3 * uniform()));
    if (fault.kind == Kind::slow) fault.factor = 2 * std::pow(25.0, uniform());
    if (fault.kind == Kind::tear) {
      fault.process = 0;
      fault.write = 1 + random_() % most_writes;
      fault.machine_gone = uniform() < 0.5;
    }
    return fault;
  }

 private:
  double uniform() { return std::uniform_real_distribution<double>(0, 1)(random_); }
  Kind draw_kind() {
    double sum = 0.001;  // of the first, where all others are 0
    for (const double weight : weights_) sum += weight;
    double place = uniform() * sum - 0.001;
    for (std::size_t kind = 0; kind < weights_.size(); ++kind) {
      place -= weights_[kind];
      if (place < 0) return static_cast<Kind>(kind);
    }
    return Kind::tear;
  }

  std::mt19937_64 random_;
  std::size_t others_;  ///< workers and shards
  double rate_ = 0;
  std::uint64_t left_ = 0;
  std::array<double, names.size()> weights_{};
  double server_ = 0;   ///< share of the server among those who are killed and stopped
  double longest_ = 1;  ///< seconds that a fault lasts
};

}  // namespace

std::string Fault::text() const {
  std::string text = std::string(names[static_cast<std::size_t>(kind)]) + " of process " +
                     std::to_string(process) + " for " + std::to_string(time.count()) + " s";
  if (kind == Kind::slow) text += ", " + std::to_string(factor) + " times";
  if (kind == Kind::tear) {
    text += ", at write " + std::to_string(write) + (machine_gone ? ", the machine is gone" : "");
  }
  return text;
}

Monkey idle_monkey() {
  return
      [](std::uint64_t, SimulatedNetwork::Step, SimulatedNetwork::Process) { return std::nullopt; };
}

Monkey planned_monkey(std::uint64_t step, const Fault& fault) {
  return [step, fault](std::uint64_t number, Step, SimulatedNetwork::Process) {
    return number == step ? std::optional<Fault>(fault) : std::nullopt;
  };
}

Monkey random_monkey(std::uint64_t seed, std::size_t workers, std::size_t shards) {
  const auto monkey = std::make_shared<RandomMonkey>(seed, workers, shards);
  return [monkey](std::uint64_t, Step step, SimulatedNetwork::Process) { return (*monkey)(step); };
}

}  // namespace syncline::testing
