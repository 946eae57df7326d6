#include "syncline/error_bound.hpp"

#include <algorithm>
#include <cmath>

#include "syncline/error.hpp"
#include "theory/estimate.hpp"

namespace syncline {
namespace {

bool synchronous(VariantFamily family) {
  return family == VariantFamily::k_sync || family == VariantFamily::k_batch_sync;
}

void require(bool holds, const char* name, double value, const char* range) {
  if (holds) return;
  throw ConfigError("error bound: " + std::string(name) + " must be " + range + ", not " +
                    std::to_string(value));
}

void check(const ErrorConstants& constants) {
  const auto finite = [](double x) { return std::isfinite(x); };
  require(finite(constants.step_size) && constants.step_size > 0, "the step size",
          constants.step_size, "above 0");
  require(finite(constants.smoothness) && constants.smoothness > 0, "the smoothness L",
          constants.smoothness, "above 0");
  require(constants.convexity >= 0 && constants.convexity <= constants.smoothness,
          "the convexity c", constants.convexity, "0 (not convex) or up to L");
  require(finite(constants.sigma2) && constants.sigma2 >= 0, "sigma2", constants.sigma2,
          "0 or more");
  require(finite(constants.m_g) && constants.m_g >= 0, "M_G", constants.m_g, "0 or more");
  require(finite(constants.batch) && constants.batch >= 1, "the batch", constants.batch,
          "1 or more");
  require(finite(constants.initial_gap) && constants.initial_gap >= 0, "the initial gap",
          constants.initial_gap, "0 or more");
  require(constants.gamma >= 0 && constants.gamma <= 1, "gamma", constants.gamma, "from 0 to 1");
  require(constants.p0 >= 0 && constants.p0 <= 1, "p0", constants.p0, "from 0 to 1");
}

/// gamma' of the theorems: the share of a full gradient step that is left of each update.
double progress(VariantFamily family, const ErrorConstants& constants) {
  if (synchronous(family)) return 1;
  if (constants.compensation) return 1 + constants.p0 / 2;
  return 1 - constants.gamma + constants.p0 / 2;
}

std::string theorem(VariantFamily family, const ErrorConstants& constants) {
  const bool convex = constants.convexity > 0;
  if (synchronous(family)) {
    return convex ? std::string(paper) + ", Lemma 2" : "Bottou, Curtis, Nocedal, arXiv 1606.04838";
  }
  if (constants.compensation) return std::string(paper) + ", Theorem 4";
  return std::string(paper) + (convex ? ", Theorem 3" : ", Theorem 5") +
         ", with the step size condition corrected";
}

}  // namespace

double ErrorBound::after(double updates) const {
  if (!strongly_convex) return floor + initial / (updates + 1);
  if (rate >= 1) return updates > 0 ? floor : initial;
  return floor + (initial - floor) * std::exp(updates * std::log1p(-rate));
}

std::optional<double> ErrorBound::updates_to(double error) const {
  if (after(0) <= error) return 0;
  if (error <= floor) return std::nullopt;
  if (!strongly_convex) return initial / (error - floor) - 1;
  if (rate >= 1) return 1;
  return std::log((error - floor) / (initial - floor)) / std::log1p(-rate);
}

double step_size_limit(VariantFamily family, std::uint64_t k, const ErrorConstants& constants) {
  const double samples = static_cast<double>(k) * constants.batch;
  const double noise = constants.m_g / samples + 1;
  if (constants.convexity <= 0) {
    return 1 / (constants.smoothness * noise * (synchronous(family) ? 1 : 2));
  }
  const double share = progress(family, constants);
  const double by_smoothness = 1 / (2 * constants.smoothness * noise);
  return share > 0 ? std::min(by_smoothness, 1 / (constants.convexity * share)) : by_smoothness;
}

ErrorBound error_bound(VariantFamily family, std::uint64_t k, const ErrorConstants& constants) {
  check(constants);
  if (k == 0) throw ConfigError("error bound: K must be at least 1");
  const double limit = step_size_limit(family, k, constants);
  if (constants.step_size > limit * (1 + 1e-12)) {
    throw ConfigError("no error bound: the step size " + std::to_string(constants.step_size) +
                      " is above " + std::to_string(limit) +
                      ", the largest for which one is proved; take a smaller one");
  }
  const double share = progress(family, constants);
  if (!(share > 0)) {
    throw ConfigError(
        "no error bound: 1 - gamma + p0/2 is not above 0, the gradients are too "
        "stale; take a smaller step size, which makes gamma smaller");
  }
  const double eta = constants.step_size;
  const double noise =
      eta * constants.smoothness * constants.sigma2 / (static_cast<double>(k) * constants.batch);
  ErrorBound bound;
  bound.source = theorem(family, constants);
  bound.strongly_convex = constants.convexity > 0;
  if (constants.compensation) {
    if (synchronous(family) || k != 1 || !bound.strongly_convex) {
      throw ConfigError(
          "Theorem 4, for the staleness-compensated step, covers async on strongly "
          "convex functions only");
    }
    require(*constants.compensation >= 0, "the compensation C", *constants.compensation,
            "0 or more");
    const double l2 = constants.smoothness * constants.smoothness;
    bound.floor =
        (noise / 2 + *constants.compensation * l2 / (2 * eta)) / (constants.convexity * share);
  } else if (bound.strongly_convex) {
    bound.floor = noise / (2 * constants.convexity * share);
  } else {
    bound.floor = noise / share;
    bound.initial = 2 * constants.initial_gap / (eta * share);
    return bound;
  }
  bound.rate = eta * constants.convexity * share;
  bound.initial = constants.initial_gap;
  return bound;
}

}  // namespace syncline
