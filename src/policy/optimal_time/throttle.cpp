#include <algorithm>
#include <cmath>

#include <nlohmann/json.hpp>

#include "base/recent_values.hpp"
#include "policy/entries.hpp"

namespace syncline {
namespace {

/// In rounds: a worker's first gradient of a round counts 1/n, its c-th further one q^-c, cut to a
/// norm; when all have appeared, everybody starts anew. q near 1 is async, a large q is sync. A
/// worker that floods the server has at most 1/n + 1/(q - 1) of a round. The cutting, and what
/// makes first gradients robust, may be left to a transform.
class Throttle final : public ValuePolicy<Throttle> {
 public:
  /// `transform`: that cuts; empty: this does.
  Throttle(double q, double radius, std::string transform, std::uint32_t workers)
      : q_(q), radius_(radius), transform_(std::move(transform)), pushes_(workers, 0) {}

  [[nodiscard]] Requirements requirements() const override {
    Requirements requirements;
    requirements.observables.norm = cuts();
    requirements.transform = transform_;
    return requirements;
  }

  void begin(const Begin&, Actions& actions) override { actions.send_all_parked(); }

  void arrive(const Arrive& event, Actions& actions) override {
    const std::uint64_t before = pushes_[event.worker]++;
    double limit = INFINITY;
    if (cuts()) limit = radius_ > 0 ? radius_ : usual_norm(event.norm);
    double weight = 1 / static_cast<double>(pushes_.size());
    if (before == 0) {
      ++appeared_;
    } else {
      weight = std::pow(q_, -static_cast<double>(before));
      if (event.norm > limit) weight *= limit / event.norm;
    }
    actions.fold(0, weight);
    actions.step(0, 1);
    if (appeared_ < pushes_.size()) actions.send(event.worker);
  }

  void stepped(const Stepped&, Actions& actions) override {
    if (appeared_ < pushes_.size()) return;
    appeared_ = 0;
    std::fill(pushes_.begin(), pushes_.end(), 0U);
    actions.cancel_all_busy();
    actions.send_all_parked();
  }

  [[nodiscard]] nlohmann::json state() const override {
    return {{"pushes", pushes_}, {"appeared", appeared_}, {"norms", norms_.state()}};
  }
  void restore(const nlohmann::json& state) override {
    state.at("pushes").get_to(pushes_);
    state.at("appeared").get_to(appeared_);
    norms_.restore(state.at("norms"));
  }

 private:
  static constexpr std::size_t window = 100;
  static constexpr double quantile = 0.9;

  [[nodiscard]] bool cuts() const { return transform_.empty(); }

  /// The 90th percentile of the last norms, this one included.
  double usual_norm(double norm) {
    if (!std::isfinite(norm)) return INFINITY;
    norms_.add(norm);
    return norms_.smallest(static_cast<std::size_t>(quantile * static_cast<double>(norms_.size())));
  }

  double q_, radius_;
  std::string transform_;
  std::vector<std::uint64_t> pushes_;  ///< of each worker in this round
  std::size_t appeared_ = 0;           ///< workers that have pushed in it
  RecentValues norms_{window};
};

}  // namespace

PolicyEntry throttle_policy() {
  return {"throttle",
          "async in rounds: each further gradient of a worker counts 1/q of the one before",
          "Otsuka, Takezawa, Meyer, Koloskova, Yamada: Soft Throttling, 2026",
          {{"q", "above 1; 1.1 where nobody is hostile, 1.5 to 2 where somebody may be", "1.1"},
           {"radius",
            "the longest norm of further gradients; 0: the 90th percentile of the last 100", "0"},
           {"robust",
            "first gradients may be at most 2 radius away from the mean of the last round; needs a "
            "radius",
            "no"}},
          [](const Arguments& arguments, const PolicyContext& context) {
            const double q = arguments.positive("q");
            const double radius = arguments.non_negative("radius");
            if (q <= 1) arguments.refuse("q", "must be above 1");
            std::string transform;
            if (arguments.boolean("robust")) {
              if (radius == 0) {
                arguments.refuse("radius",
                                 "must be given with robust=yes: who floods the server "
                                 "could set a percentile as he likes");
              }
              transform = "round-clip(radius=" + arguments.text("radius") + ")";
            }
            return std::make_unique<Throttle>(q, radius, std::move(transform), context.workers);
          }};
}

}  // namespace syncline
