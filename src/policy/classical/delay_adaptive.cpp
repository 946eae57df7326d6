#include <algorithm>

#include <nlohmann/json.hpp>

#include "policy/entries.hpp"

namespace syncline {
namespace {

/// Async whose steps shrink with the staleness of their gradient beyond the number of workers:
/// n / max(n, delay), or 0, which is to drop it.
class DelayAdaptive final : public ValuePolicy<DelayAdaptive> {
 public:
  DelayAdaptive(bool skip, std::uint32_t workers) : skip_(skip), workers_(workers) {}

  void begin(const Begin&, Actions& actions) override { actions.send_all_parked(); }

  void arrive(const Arrive& event, Actions& actions) override {
    const auto delay = static_cast<double>(event.staleness());
    if (skip_ && delay > workers_) {
      actions.drop("stale");
    } else {
      actions.fold(0, 1);
      actions.step(0, workers_ / std::max(workers_, delay));
    }
    actions.send(event.worker);
  }

  [[nodiscard]] nlohmann::json state() const override { return nullptr; }
  void restore(const nlohmann::json&) override {}

 private:
  bool skip_;
  double workers_;
};

}  // namespace

PolicyEntry delay_adaptive_policy() {
  return {"delay-adaptive",
          "async whose steps shrink with staleness beyond the number of workers",
          "Mishchenko et al., arXiv 2206.07638; Koloskova, Stich, Jaggi, arXiv 2206.08307",
          {{"beyond", "what becomes of a gradient staler than n: shrink (n / delay), or skip",
            "shrink"}},
          [](const Arguments& arguments, const PolicyContext& context) {
            const std::string& beyond = arguments.text("beyond");
            if (beyond != "shrink" && beyond != "skip") {
              arguments.refuse("beyond", "must be shrink or skip");
            }
            return std::make_unique<DelayAdaptive>(beyond == "skip", context.workers);
          }};
}

}  // namespace syncline
