#include <algorithm>

#include <nlohmann/json.hpp>

#include "policy/entries.hpp"

namespace syncline {
namespace {

/// Steps on every c gradients from anyone, each weighed by one over its staleness.
class Softsync final : public ValuePolicy<Softsync> {
 public:
  Softsync(std::uint64_t gradients, bool scaled) : gradients_(gradients), scaled_(scaled) {}

  [[nodiscard]] Requirements requirements() const override {
    Requirements requirements;
    requirements.payloads_per_step = gradients_;
    return requirements;
  }
  void begin(const Begin&, Actions& actions) override { actions.send_all_parked(); }

  void arrive(const Arrive& event, Actions& actions) override {
    const auto delay = static_cast<double>(std::max<Version>(1, event.staleness()));
    actions.fold(0, 1 / static_cast<double>(gradients_) / (scaled_ ? delay : 1));
    if (++folded_ == gradients_) {
      folded_ = 0;
      actions.step(0, 1);
    }
    actions.send(event.worker);
  }

  [[nodiscard]] nlohmann::json state() const override { return {{"folded", folded_}}; }
  void restore(const nlohmann::json& state) override { state.at("folded").get_to(folded_); }

 private:
  std::uint64_t gradients_;
  bool scaled_;
  std::uint64_t folded_ = 0;
};

}  // namespace

PolicyEntry softsync_policy() {
  return {"softsync",
          "n-softsync: steps on floor(P / n) gradients from anyone, each over its staleness",
          "Zhang, Gupta, Lian, Liu, arXiv 1511.05950",
          {{"n", "1 is near sync, P is async; the mean staleness is about n", "4"},
           {"scaled", "weigh each gradient by one over its staleness", "true"}},
          [](const Arguments& arguments, const PolicyContext& context) {
            const std::uint64_t n = arguments.at_least_one("n");
            if (n > context.workers) {
              arguments.refuse(
                  "n", "can't be above the number of workers, " + std::to_string(context.workers));
            }
            return std::make_unique<Softsync>(context.workers / n, arguments.boolean("scaled"));
          }};
}

}  // namespace syncline
