// Each optimizer against PyTorch's formulas, written out by hand.

#include <cmath>

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "syncline/error.hpp"
#include "syncline/optimizer.hpp"
#include "syncline/random.hpp"

namespace syncline {
namespace {

constexpr std::size_t dimension = 5;
using Vector = std::vector<double>;

/// One element of torch.optim's state.
struct Element {
  double w = 0, buffer = 0, m = 0, v = 0;
};

/// torch.optim.SGD(momentum=0.8, nesterov) and torch.optim.Adam(betas=(0.8, 0.95), eps=1e-3), step
/// t = 1, 2, ..., as their documentation states them.
void reference_step(const std::string& name, Element& e, double g, double lr, int t) {
  if (name == "sgd") {
    e.w -= lr * g;
  } else if (name == "momentum" || name == "nesterov") {
    e.buffer = t == 1 ? g : 0.8 * e.buffer + g;
    e.w -= lr * (name == "nesterov" ? g + 0.8 * e.buffer : e.buffer);
  } else {
    e.m = 0.8 * e.m + 0.2 * g;
    e.v = 0.95 * e.v + 0.05 * g * g;
    const double m_hat = e.m / (1 - std::pow(0.8, t));
    const double v_hat = e.v / (1 - std::pow(0.95, t));
    e.w -= lr * m_hat / (std::sqrt(v_hat) + 1e-3);
  }
}

const std::vector<std::pair<std::string, std::string>> optimizers_and_texts = {
    {"sgd", "sgd"},
    {"momentum", "momentum(momentum=0.8)"},
    {"nesterov", "nesterov(momentum=0.8)"},
    {"adam", "adam(beta1=0.8, beta2=0.95, epsilon=1e-3)"}};

TEST_CASE("an optimizer, random gradients and step sizes, follows PyTorch's formulas") {
  CHECK(rc::check("to 1e-12, in place or not", [](std::uint64_t seed) {
    const auto& [name, text] = *rc::gen::elementOf(optimizers_and_texts);
    const auto optimizer = make_optimizer<double>(text, dimension);
    const auto in_place = make_optimizer<double>(text, dimension);
    const auto single = make_optimizer<float>(text, dimension);
    DrawStream stream(Stream::initial, {seed, 0, 0});
    std::vector<Element> elements(dimension);
    Vector current(dimension);
    for (std::size_t i = 0; i < dimension; ++i) current[i] = elements[i].w = stream.normal();
    Vector same = current;
    std::vector<float> current32(current.begin(), current.end());
    for (int t = 1; t <= 12; ++t) {
      const double lr = 0.1 * stream.uniform();
      Vector gradient(dimension);
      for (double& g : gradient) g = stream.normal();
      for (std::size_t i = 0; i < dimension; ++i) {
        reference_step(name, elements[i], gradient[i], lr, t);
      }
      Vector next(dimension, 1e300);
      optimizer->step(current, gradient, lr, next);
      current = next;
      in_place->step(same, gradient, lr, same);
      const std::vector<float> gradient32(gradient.begin(), gradient.end());
      single->step(current32, gradient32, lr, current32);
      for (std::size_t i = 0; i < dimension; ++i) {
        RC_ASSERT(std::abs(current[i] - elements[i].w) <= 1e-12);
        RC_ASSERT(std::abs(current32[i] - elements[i].w) <= 1e-4);
      }
      RC_ASSERT(same == current);
    }
  }));
}

TEST_CASE("an optimizer, its state moved to a fresh one, continues alike") {
  for (const auto& [name, text] : optimizers_and_texts) {
    CAPTURE(name);
    const auto a = make_optimizer<double>(text, dimension);
    const auto b = make_optimizer<double>(text, dimension);
    Vector w(dimension, 1.0);
    const Vector gradient = {1, -2, 0.5, 0, 3};
    for (int t = 0; t < 3; ++t) a->step(w, gradient, 0.1, w);
    Vector v = w;
    REQUIRE(a->vectors().size() == b->vectors().size());
    for (std::size_t i = 0; i < a->vectors().size(); ++i) *b->vectors()[i] = *a->vectors()[i];
    b->restore_steps(a->steps());
    a->step(w, gradient, 0.1, w);
    b->step(v, gradient, 0.1, v);
    CHECK(v == w);
  }
}

TEST_CASE("optimizers, defaults and bad parameters, are PyTorch's and refused") {
  // Adam's first step with its defaults is the step size, whatever the gradient.
  const auto adam = make_optimizer<double>("adam", 1);
  Vector w = {0};
  adam->step(w, Vector{1234}, 0.01, w);
  CHECK(std::abs(w[0] + 0.01) < 1e-12);
  for (const char* text :
       {"momentum(momentum=1)", "momentum(momentum=-0.1)", "nesterov(momentum=nan)",
        "adam(beta1=1)", "adam(beta2=1)", "adam(epsilon=0)", "sgd(momentum=0.9)", "adm"}) {
    CAPTURE(text);
    CHECK_THROWS_AS(static_cast<void>(make_optimizer<double>(text, 1)), ConfigError);
    CHECK_THROWS_AS(static_cast<void>(make_optimizer<float>(text, 1)), ConfigError);
  }
}

}  // namespace
}  // namespace syncline
