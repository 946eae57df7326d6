#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "syncline/aggregator.hpp"
#include "syncline/event.hpp"
#include "syncline/registry.hpp"

namespace syncline {

/// Workers that send something else than their gradient, to see what an aggregator bears. The
/// server shows it each payload on its arrival, before any transform. An attack changes the
/// gradient, the first shape.dimension numbers of a payload; the batch-norm statistics stay honest.
/// Not thread-safe; owned by one parameter server.
template <class Real>
class Attack {
 public:
  /// bad[worker], for all workers.
  explicit Attack(std::vector<bool> bad) : bad_(std::move(bad)) {}
  virtual ~Attack() = default;

  [[nodiscard]] bool bad(WorkerId worker) const { return bad_[worker]; }

  /// An honest payload. REQUIRES: !bad(worker).
  virtual void observe(WorkerId, std::span<const Real>) {}

  /// Puts what a bad worker sends in the place of what it computed in its job number `job`.
  /// REQUIRES: bad(worker).
  virtual void apply(WorkerId worker, std::uint64_t job, std::span<Real> payload) = 0;

  /// The server has made a step.
  virtual void stepped() {}

  // What a bad worker does before it sends.
  /// Whether it computes on false labels: classes - 1 - y in place of y.
  [[nodiscard]] virtual bool flips_labels() const { return false; }
  /// How many times as fast it computes, or pretends to, as its delay law says.
  [[nodiscard]] virtual double pace() const { return 1; }

  // For checkpoints: numbers, then vectors, whose count and lengths restore() puts right.
  [[nodiscard]] virtual nlohmann::json state() const;  ///< null, as a rule
  virtual void restore(const nlohmann::json&) {}
  [[nodiscard]] virtual std::vector<std::vector<Real>*> vectors() { return {}; }

 private:
  std::vector<bool> bad_;
};

/// A factory makes the attack in both precisions, in a fleet of so many workers.
struct AttackFactory {
  std::function<std::unique_ptr<Attack<float>>(const Arguments&, const AggregatorShape&,
                                               std::uint32_t)>
      single;
  std::function<std::unique_ptr<Attack<double>>(const Arguments&, const AggregatorShape&,
                                                std::uint32_t)>
      full;
};

/// none, and the attacks of docs/robust.md.
[[nodiscard]] const Registry<AttackFactory>& attacks();

/// Null for `none`. Throws ConfigError, also if there are fewer workers than bad ones.
template <class Real>
[[nodiscard]] std::unique_ptr<Attack<Real>> make_attack(std::string_view spec,
                                                        const AggregatorShape& shape,
                                                        std::uint32_t workers);

}  // namespace syncline
