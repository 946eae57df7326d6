#include "server/parameter_server.hpp"

#include <cmath>
#include <numeric>

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "syncline/error.hpp"

namespace syncline {
namespace {

/// Two parameters and two batch-norm statistics that start at fixed values. Payloads are given by
/// the tests, so it makes no replicas.
class FixedState final : public Workload<double> {
 public:
  [[nodiscard]] std::size_t dimension() const override { return 2; }
  [[nodiscard]] std::size_t buffers() const override { return 2; }
  [[nodiscard]] double buffer_momentum() const override { return 0.25; }
  void initialise(std::uint64_t, std::span<double> state) const override {
    std::iota(state.begin(), state.end(), 1.0);
  }
  [[nodiscard]] std::unique_ptr<Replica<double>> make_replica() const override { return nullptr; }
  [[nodiscard]] std::size_t samples(Split) const override { return 1; }
  [[nodiscard]] bool classifies() const override { return false; }
  [[nodiscard]] std::vector<NamedTensor> layout() const override { return {}; }
};

using Server = ParameterServer<double>;
using Vector = std::vector<double>;

OptimizerConfig config() {
  OptimizerConfig result;
  result.step_size = 0.5;
  return result;
}

Server server_of(const OptimizerConfig& optimizer, std::uint32_t workers = 4,
                 std::uint32_t slots = 1) {
  return {FixedState(), optimizer, ServerLayout{.workers = workers, .slots = slots}};
}

bool near(const Vector& a, const Vector& b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (!(std::abs(a[i] - b[i]) <= 1e-12)) return false;
  }
  return true;
}

TEST_CASE("a step, two payloads with unequal weights, moves buffers by the normalised mean") {
  Server server = server_of(config());
  const auto read = server.snapshot();
  CHECK(read->state == Vector{1, 2, 3, 4});
  server.fold(0, 0.5, Vector{1, 0, 7, 8}, *read);
  server.fold(0, 0.25, Vector{0, 2, 1, 2}, *read);
  server.step(0, 1, 1);
  // Gradients: the weighted sum. Statistics: (0.5 * 7 + 0.25 * 1) / 0.75 = 5 and 6.
  CHECK(near(server.snapshot()->state,
             {1 - 0.5 * 0.5, 2 - 0.5 * 0.5, 3 + 0.25 * (5 - 3), 4 + 0.25 * (6 - 4)}));
  CHECK(server.snapshot()->version == 1);
  CHECK(server.gradients() == 2);
}

TEST_CASE("a long gradient, clip on, is shortened and its statistics count for less, not more") {
  OptimizerConfig clipped = config();
  clipped.clip = 1;
  Server server = server_of(clipped);
  const auto read = server.snapshot();
  server.fold(0, 0.5, Vector{3, 4, 7, 8}, *read);  // norm 5: weight 0.1
  server.fold(0, 0.5, Vector{0.6, 0.8, 1, 2}, *read);
  server.step(0, 1, 1);
  const double mean = (0.1 * 7 + 0.5 * 1) / 0.6;
  CHECK(near(server.snapshot()->state, {1 - 0.5 * (0.3 + 0.3), 2 - 0.5 * (0.4 + 0.4),
                                        3 + 0.25 * (mean - 3), 4 + 0.25 * (mean + 1 - 4)}));
}

TEST_CASE("a stale gradient, staleness rule on, is weighed by C / (eta d^2) at most 1") {
  OptimizerConfig compensated = config();
  compensated.rule = "staleness(c=0.5)";
  Server server = server_of(compensated);
  const auto first = server.snapshot();
  server.fold(0, 1, Vector{2, -4, 3, 4}, *first);  // fresh: no cut
  server.step(0, 1, 1);
  CHECK(near(server.snapshot()->state, {0, 4, 3, 4}));
  // d^2 = 1 + 4 over the parameters alone: 0.5 / (0.5 * 5) = 0.2.
  server.fold(0, 1, Vector{1, 1, 3, 4}, *first);
  server.step(0, 1, 2);
  CHECK(near(server.snapshot()->state, {-0.1, 3.9, 3, 4}));
  // A tiny distance: eta_max is in force.
  const auto close = server.snapshot();
  server.fold(0, 1, Vector{1e-3, 0, 3, 4}, *close);
  server.step(0, 1, 3);
  server.fold(0, 1, Vector{1, 1, 3, 4}, *close);
  server.step(0, 1, 4);
  CHECK(near(server.snapshot()->state, {-0.1 - 0.0005 - 0.5, 3.4, 3, 4}));
}

TEST_CASE("a step, weight decay on, adds it to the aggregate of the parameters alone") {
  OptimizerConfig decayed = config();
  decayed.weight_decay = 0.1;
  Server server = server_of(decayed);
  server.fold(0, 1, Vector{1, 1, 3, 4}, *server.snapshot());
  server.step(0, 2, 1);
  CHECK(near(server.snapshot()->state, {1 - 1.0 * 1.1, 2 - 1.0 * 1.2, 3, 4}));
}

TEST_CASE("slots, one cleared, keep their payloads apart") {
  Server server = server_of(config(), 4, 2);
  const auto read = server.snapshot();
  server.fold(0, 1, Vector{100, 100, 9, 9}, *read);
  server.fold(1, 1, Vector{2, 2, 3, 4}, *read);
  server.clear(0);
  server.step(1, 1, 1);
  CHECK(near(server.snapshot()->state, {0, 1, 3, 4}));
  server.fold(0, 1, Vector{2, 2, 3, 4}, *server.snapshot());
  server.step(0, 1, 2);
  CHECK(near(server.snapshot()->state, {-1, 0, 3, 4}));
}

TEST_CASE("a slot merged into another counts there as one payload of its own mean statistics") {
  OptimizerConfig in_epochs = config();
  Server server = server_of(in_epochs, 4, 3);
  const auto read = server.snapshot();
  server.fold(1, 0.5, Vector{2, 4, 7, 8}, *read);
  server.fold(1, 0.25, Vector{4, 0, 1, 2}, *read);  // together 2, 2, and means 5, 6
  server.fold(2, 1, Vector{1, 1, 1, 2}, *read);
  server.merge(1, 0, 3);
  server.merge(2, 0, -1);
  server.step(0, 1, 1);
  // Statistics: (3 * 5 - 1 * 1) / 2 = 7 and (3 * 6 - 1 * 2) / 2 = 8.
  CHECK(near(server.snapshot()->state,
             {1 - 0.5 * (6 - 1), 2 - 0.5 * (6 - 1), 3 + 0.25 * (7 - 3), 4 + 0.25 * (8 - 4)}));
  CHECK(server.gradients() == 3);
  // What was merged is gone, from both slots and from the count.
  server.fold(1, 1, Vector{2, 2, 7, 8}, *server.snapshot());
  server.merge(1, 0, 1);
  const Vector before = server.snapshot()->state;
  server.step(0, 1, 2);
  CHECK(near(server.snapshot()->state,
             {before[0] - 1, before[1] - 1, before[2] + 0.25 * (7 - before[2]),
              before[3] + 0.25 * (8 - before[3])}));
  CHECK(server.gradients() == 4);
}

TEST_CASE("the step size, schedule and scaling on, follows updates, epochs and K") {
  OptimizerConfig scheduled = config();
  scheduled.schedule = "step(every=2, gamma=0.5)";
  scheduled.scaling = "linear";
  Server server = server_of(scheduled, 4);
  CHECK(server.step_size() == 0.5);  // K = P unless told otherwise
  server.set_k(1);
  CHECK(server.step_size() == 0.125);
  for (std::uint64_t version = 1; version <= 2; ++version) {
    server.fold(0, 1, Vector{0, 0, 3, 4}, *server.snapshot());
    server.step(0, 1, version);
  }
  CHECK(server.step_size() == 0.0625);

  OptimizerConfig in_epochs = config();
  in_epochs.schedule = "step(every=1, gamma=0.5, unit=epochs)";
  Server other = server_of(in_epochs);
  other.set_epochs_per_gradient(0.5);
  for (int i = 0; i < 3; ++i) other.fold(0, 0.25, Vector{0, 0, 3, 4}, *other.snapshot());
  other.step(0, 1, 1);
  CHECK(other.step_size() == 0.25);

  in_epochs.schedule = "warmup(length=4, unit=epochs)";
  Server warming = server_of(in_epochs);
  warming.set_epochs_per_gradient(0.125);
  warming.set_k(2);
  CHECK(warming.step_size() == 0.5 * 2 * 0.125 / 4);  // K gradients of an eighth of an epoch
}

TEST_CASE("snapshots that somebody holds, random steps, never change, and others are reused") {
  CHECK(rc::check("values frozen, peak bounded", [] {
    Server server = server_of(config());
    struct Held {
      std::shared_ptr<const Snapshot<double>> snapshot;
      Snapshot<double> copy;
    };
    std::vector<Held> held;
    std::size_t most = 0;
    Vector expected = server.snapshot()->state;
    std::uint64_t version = 0;
    const auto choices = *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 99));
    for (const int choice : choices) {
      if (choice % 3 == 0) {
        held.push_back({server.snapshot(), *server.snapshot()});
      } else if (choice % 3 == 1 && !held.empty()) {
        held.erase(held.begin() + choice % static_cast<int>(held.size()));
      } else {
        server.fold(0, 1, Vector{double(choice), 1, 0, 0}, *server.snapshot());
        server.step(0, 1, ++version);
        expected[0] -= 0.5 * choice;
        expected[1] -= 0.5;
        expected[2] -= 0.25 * expected[2];
        expected[3] -= 0.25 * expected[3];
      }
      most = std::max(most, held.size());
      RC_ASSERT(near(server.snapshot()->state, expected));
      RC_ASSERT(server.snapshot()->version == version);
      for (const Held& entry : held) {
        RC_ASSERT(entry.snapshot->state == entry.copy.state);
        RC_ASSERT(entry.snapshot->version == entry.copy.version);
      }
    }
    // The held ones and the current one.
    RC_ASSERT(server.pool().peak() <= most + 1);
  }));
}

TEST_CASE("steps, nobody reading the current version, are taken in place") {
  Server server = server_of(config());
  const double* place = server.snapshot()->state.data();
  for (std::uint64_t version = 1; version <= 10; ++version) {
    server.fold(0, 1, Vector{1, 1, 1, 1}, *server.snapshot());
    server.step(0, 1, version);
  }
  CHECK(server.snapshot()->state.data() == place);
  CHECK(server.pool().peak() == 1);
}

TEST_CASE("the average of a server is the mean of its versions since it was begun, buffers too") {
  Server server = server_of(config());
  server.watch_average();
  CHECK(server.average() == nullptr);
  Vector sum(4, 0.0);
  const auto step = [&](std::uint64_t version) {
    const auto payload = static_cast<double>(version);
    server.fold(0, 1, Vector{1, -payload, payload, 4}, *server.snapshot());
    server.step(0, 1, version);
    for (std::size_t i = 0; i < 4; ++i) sum[i] += server.snapshot()->state[i];
  };
  // Version 0, which nobody made, does not count.
  for (std::uint64_t version = 1; version <= 5; ++version) step(version);
  for (double& value : sum) value /= 5;
  const auto now = server.snapshot();
  CHECK(near(server.average()->state, sum));
  CHECK(server.average()->version == 5);
  CHECK(server.snapshot() == now);

  server.begin_average();
  CHECK(server.average() == nullptr);
  step(6);
  CHECK(server.average()->state == server.snapshot()->state);
}

TEST_CASE("a server that nobody asks for its average keeps none") {
  Server server = server_of(config());
  server.fold(0, 1, Vector{1, 1, 1, 1}, *server.snapshot());
  server.step(0, 1, 1);
  for (const auto& [name, vector] : server.vectors()) CHECK(!name.starts_with("average."));
  CHECK(server.average() == nullptr);
}

TEST_CASE("a server, a bad optimizer configuration, refuses it with the key") {
  const auto refused = [](const char* key, auto&& change) {
    OptimizerConfig bad = config();
    change(bad);
    try {
      static_cast<void>(server_of(bad));
    } catch (const ConfigError& error) {
      return std::string(error.what()).find(key) != std::string::npos;
    }
    return false;
  };
  CHECK(refused("optimizer.step_size", [](OptimizerConfig& c) { c.step_size = 0; }));
  CHECK(refused("optimizer.step_size", [](OptimizerConfig& c) { c.step_size = std::nan(""); }));
  CHECK(refused("optimizer.weight_decay", [](OptimizerConfig& c) { c.weight_decay = -1; }));
  CHECK(refused("optimizer.clip", [](OptimizerConfig& c) { c.clip = INFINITY; }));
  CHECK(refused("optimizer.scaling", [](OptimizerConfig& c) { c.scaling = "cube"; }));
  CHECK(refused("nadam", [](OptimizerConfig& c) { c.name = "nadam"; }));
  CHECK(refused("staleness", [](OptimizerConfig& c) { c.rule = "staleness(c=0)"; }));
}

}  // namespace
}  // namespace syncline
