#include "server/noise_probe.hpp"

#include <cmath>

#include <doctest/doctest.h>

#include "server/parameter_server.hpp"
#include "syncline/random.hpp"

namespace syncline {
namespace {

using Vector = std::vector<double>;

/// Two parameters that start at 1 and one buffer.
class TwoParameters final : public Workload<double> {
 public:
  [[nodiscard]] std::size_t dimension() const override { return 2; }
  [[nodiscard]] std::size_t buffers() const override { return 1; }
  void initialise(std::uint64_t, std::span<double> state) const override {
    std::fill(state.begin(), state.end(), 1.0);
  }
  [[nodiscard]] std::unique_ptr<Replica<double>> make_replica() const override { return nullptr; }
  [[nodiscard]] std::size_t samples(Split) const override { return 1; }
  [[nodiscard]] bool classifies() const override { return false; }
  [[nodiscard]] std::vector<NamedTensor> layout() const override { return {}; }
};

OptimizerConfig config_of(const std::string& optimizer) {
  OptimizerConfig config;
  config.name = optimizer;
  config.step_size = 0.5;
  return config;
}

bool near(const Vector& a, const Vector& b) {
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (!(std::abs(a[i] - b[i]) <= 1e-12)) return false;
  }
  return a.size() == b.size();
}

TEST_CASE("a noise probe, two gradients folded, stands off by eta times their half difference") {
  ParameterServer<double> server(TwoParameters(), config_of("sgd"), ServerLayout{.workers = 4});
  server.watch_noise();
  const auto read = server.snapshot();
  server.fold(0, 0.5, Vector{9, 9, 5}, *read);
  CHECK(server.noise_probe(1) == nullptr);
  server.fold(0, 0.5, Vector{3, -1, 5}, *read);
  server.fold(0, 0.5, Vector{1, 7, 5}, *read);
  const double way = 0.5 / std::sqrt(2.0);
  CHECK(near(server.noise_probe(1)->state, {1 - 2 * way, 1 + 8 * way, 1}));
  CHECK(near(server.noise_probe(-1)->state, {1 + 2 * way, 1 - 8 * way, 1}));
  CHECK(near(server.snapshot()->state, {1, 1, 1}));
}

TEST_CASE("a noise probe, clip on, sees the gradients as they were cut") {
  OptimizerConfig config = config_of("sgd");
  config.clip = 1;
  ParameterServer<double> server(TwoParameters(), config, ServerLayout{.workers = 4});
  server.watch_noise();
  const auto read = server.snapshot();
  server.fold(0, 0.5, Vector{3, 4, 0}, *read);
  server.fold(0, 0.5, Vector{0, 0.5, 0}, *read);
  const double way = 0.5 / std::sqrt(2.0);
  CHECK(near(server.noise_probe(1)->state, {1 - 0.6 * way, 1 - 0.3 * way, 1}));
}

TEST_CASE("a server that nobody asks for its noise keeps no gradients") {
  ParameterServer<double> server(TwoParameters(), config_of("sgd"), ServerLayout{.workers = 4});
  server.fold(0, 0.5, Vector{3, -1, 5}, *server.snapshot());
  server.fold(0, 0.5, Vector{3, -1, 5}, *server.snapshot());
  for (const auto& [name, vector] : server.vectors()) CHECK(!name.starts_with("noise."));
  CHECK(server.noise_probe(1) == nullptr);
}

TEST_CASE("noise draws, gradients with known noise around a mean, have its variance") {
  NoiseProbe<double> probe;
  constexpr std::size_t dimension = 100;
  constexpr int draws = 2000;
  probe.switch_on(dimension);
  double sum = 0;
  DrawStream stream(Stream::gradient_noise, {3, 0, 0});
  for (int draw = 0; draw < draws; ++draw) {
    for (int i = 0; i < 2; ++i) {
      Vector gradient(dimension);
      for (double& g : gradient) g = 5 + 2 * stream.normal();
      probe.note(1, gradient);
    }
    Vector noise(dimension);
    probe.draw(noise);
    for (const double n : noise) sum += n * n;
  }
  // Squares of normals with variance 4: their own variance is 2 * 16.
  constexpr double count = double(dimension) * draws;
  CHECK(std::abs(sum / count - 4) < 4 * std::sqrt(32 / count));
}

TEST_CASE("influence of a gradient, no others after it, is the way that it leads to in the end") {
  for (const char* name : {"sgd", "momentum(momentum=0.8)", "nesterov(momentum=0.8)"}) {
    CAPTURE(name);
    const auto optimizer = make_optimizer<double>(name, 2);
    Vector way = {2, -3};
    optimizer->influence(0.1, way);
    Vector state = {0, 0};
    optimizer->step(state, Vector{2, -3}, 0.1, state);
    for (int i = 0; i < 200; ++i) optimizer->step(state, Vector{0, 0}, 0.1, state);
    CHECK(near(state, {-way[0], -way[1]}));
  }
}

TEST_CASE("influence under adam, gradients of steady size, is eta g over that size") {
  const auto optimizer = make_optimizer<double>("adam(epsilon=1e-12)", 2);
  Vector early = {2, -3};
  optimizer->influence(0.1, early);
  CHECK(near(early, {0.1, -0.1}));
  Vector state = {0, 0};
  for (int i = 0; i < 50; ++i) {
    const double sign = i % 2 == 0 ? 1 : -1;
    optimizer->step(state, Vector{4 * sign, 0.5 * sign}, 0.1, state);
  }
  Vector way = {2, -3};
  optimizer->influence(0.1, way);
  CHECK(std::abs(way[0] - 0.1 * 2 / 4) < 1e-9);
  CHECK(std::abs(way[1] + 0.1 * 3 / 0.5) < 1e-9);
}

}  // namespace
}  // namespace syncline
