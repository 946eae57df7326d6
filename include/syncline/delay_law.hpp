#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "syncline/random.hpp"
#include "syncline/registry.hpp"

namespace syncline {

/// How long one job of one worker takes, in units of virtual time. Immutable after construction and
/// safe to use from any thread; shared by all workers of a group.
class DelayLaw {
 public:
  virtual ~DelayLaw() = default;

  /// The duration of job `key.job` of worker `key.worker`: > 0, and the same for the same key.
  /// +infinity where a law has no further value for this worker (service-times): such a job never
  /// finishes.
  [[nodiscard]] virtual double sample(const DrawKey& key) const = 0;

  [[nodiscard]] virtual double mean() const = 0;              ///< +infinity where it does not exist
  [[nodiscard]] virtual double variance() const = 0;          ///< +infinity where it does not exist
  [[nodiscard]] virtual double cdf(double x) const = 0;       ///< P(X <= x)
  [[nodiscard]] virtual double survival(double x) const = 0;  ///< P(X > x), exact in the far tail
  /// The smallest x with cdf(x) >= p; 0 < p < 1.
  [[nodiscard]] virtual double quantile(double p) const = 0;

  /// Throws DataError if the law has nothing for one of the workers first <= w < end: only
  /// service-times, which lists them one by one, can lack some.
  virtual void check_workers(std::uint32_t first, std::uint32_t end) const;

  /// The law as a user writes it, `exponential(rate=1)`, for logs and reports.
  [[nodiscard]] virtual std::string text() const = 0;
};

using DelayLawFactory = std::function<std::shared_ptr<const DelayLaw>(const Arguments&)>;

/// All delay laws by name.
[[nodiscard]] const Registry<DelayLawFactory>& delay_laws();

/// Makes one law from `exponential(rate=1)`. Throws ConfigError (unknown name or parameter, value
/// outside its range) or DataError (unreadable file of samples).
[[nodiscard]] std::shared_ptr<const DelayLaw> make_delay_law(std::string_view text);

/// Who has which law: worker -> law, in groups. Immutable and thread-safe; copies share the laws.
class DelayProfile {
 public:
  /// Parses a law for all workers, or a list `4*exponential(rate=1),4*exponential(rate=0.2)` whose
  /// counts must sum to `workers`. Throws as make_delay_law does; ConfigError with the sum if it is
  /// another, DataError if a service-times file lacks one of its workers.
  static DelayProfile parse(std::string_view text, std::uint32_t workers);

  /// A fleet of laws that exist already, in groups of at least one worker; neighbours with equal
  /// texts are merged.
  static DelayProfile of(
      const std::vector<std::pair<std::uint32_t, std::shared_ptr<const DelayLaw>>>& groups);

  [[nodiscard]] const DelayLaw& law(std::uint32_t worker) const {
    // Without the look-up where all are alike: with a million workers it is a miss of the cache.
    return groups_.size() == 1 ? *groups_.front().second : *by_worker_[worker];
  }
  [[nodiscard]] std::uint32_t workers() const {
    return static_cast<std::uint32_t>(by_worker_.size());
  }
  /// Canonical: equal fleets have equal texts, however they were written.
  [[nodiscard]] const std::string& text() const { return text_; }
  /// Runs of workers with the same law, in the order of the workers.
  [[nodiscard]] const std::vector<std::pair<std::uint32_t, std::shared_ptr<const DelayLaw>>>&
  groups() const {
    return groups_;
  }

 private:
  std::vector<std::pair<std::uint32_t, std::shared_ptr<const DelayLaw>>> groups_;
  std::vector<const DelayLaw*> by_worker_;
  std::string text_;
};

}  // namespace syncline
