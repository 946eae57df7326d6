#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "syncline/policy.hpp"

namespace syncline {

/// Learns from a run under way how long an update takes, T(K), also for K that are not in use.
/// Knows nothing of delay laws; workers may differ. Older observations count for less: each
/// forget() halves what came before. A value; not thread-safe.
class UpdateTimes {
 public:
  virtual ~UpdateTimes() = default;
  [[nodiscard]] virtual std::unique_ptr<UpdateTimes> clone() const = 0;

  /// All workers start.
  virtual void began(double time, std::uint32_t workers) = 0;
  /// A gradient was folded.
  virtual void arrived(WorkerId worker, double time) = 0;
  /// A step was taken; these workers start again now (none named: all of them).
  virtual void stepped(double time, const std::vector<WorkerId>& restarted) = 0;
  virtual void forget() = 0;

  /// Estimate of the mean time per update at K = k, in the unit of the run's time.
  /// REQUIRES: at least one update was seen.
  [[nodiscard]] virtual double runtime(std::uint64_t k, double now) const = 0;

  [[nodiscard]] virtual nlohmann::json state() const = 0;
  virtual void restore(const nlohmann::json& state) = 0;
};

/// K-sync and K-batch-sync. Every update is a round that all workers begin together, so the arrival
/// of the r-th gradient of a round shows how long an update with K = r would have taken: T(K) is
/// measured, without any model, up to the largest K seen. Beyond it the rounds were cut off
/// (censored), and T goes on with the hazard of the upper half of the known places: the gap before
/// the r-th arrival is 1 / (hazard * workers still computing), exact for memoryless tails.
class RoundTimes final : public UpdateTimes {
 public:
  /// `workers_wait`: a worker gives one gradient a round (K-sync), so fewer and fewer compute.
  explicit RoundTimes(bool workers_wait) : workers_wait_(workers_wait) {}

  [[nodiscard]] std::unique_ptr<UpdateTimes> clone() const override;
  void began(double time, std::uint32_t workers) override;
  void arrived(WorkerId worker, double time) override;
  void stepped(double time, const std::vector<WorkerId>& restarted) override;
  void forget() override;
  [[nodiscard]] double runtime(std::uint64_t k, double now) const override;
  [[nodiscard]] nlohmann::json state() const override;
  void restore(const nlohmann::json& state) override;

 private:
  /// Workers that may still push when r - 1 have arrived.
  [[nodiscard]] double computing(std::uint64_t place) const;

  bool workers_wait_;
  double workers_ = 1;
  double last_ = 0;            ///< the last arrival of this round, or its beginning
  std::uint64_t arrived_ = 0;  ///< in this round
  struct Gap {
    double sum = 0;    ///< of the gaps before this arrival
    double count = 0;  ///< of rounds, older ones less
  };
  std::vector<Gap> gaps_;  ///< by place in the round, from the first
};

/// K-batch-async. Everybody always computes, so gradients come at a rate that K does not change:
/// T(K) = K / rate (arXiv 2003.10579, Lemma 4; any law, any mixture of workers).
class PushRate final : public UpdateTimes {
 public:
  [[nodiscard]] std::unique_ptr<UpdateTimes> clone() const override;
  void began(double time, std::uint32_t workers) override;
  void arrived(WorkerId worker, double time) override;
  void stepped(double, const std::vector<WorkerId>&) override {}
  void forget() override;
  [[nodiscard]] double runtime(std::uint64_t k, double now) const override;
  [[nodiscard]] nlohmann::json state() const override;
  void restore(const nlohmann::json& state) override;

 private:
  double last_ = 0;
  double elapsed_ = 0;
  double gradients_ = 0;
};

/// K-async. T(K) has no closed form, but no job is cancelled, so durations are observed in full:
/// the last ones of each worker are played again, in their order and over and over, under the K in
/// question. A worker that has never pushed is taken to need what it has needed so far.
class ReplayedTimes final : public UpdateTimes {
 public:
  [[nodiscard]] std::unique_ptr<UpdateTimes> clone() const override;
  void began(double time, std::uint32_t workers) override;
  void arrived(WorkerId worker, double time) override;
  void stepped(double time, const std::vector<WorkerId>& restarted) override;
  void forget() override {}  // only the last durations are kept
  [[nodiscard]] double runtime(std::uint64_t k, double now) const override;
  [[nodiscard]] nlohmann::json state() const override;
  void restore(const nlohmann::json& state) override;

 private:
  static constexpr std::size_t remembered = 16;  ///< durations of each worker
  struct Worker {
    double started = 0;
    std::vector<double> durations;  ///< a ring once it is full
    std::size_t next = 0;           ///< where in the ring the next one goes
  };
  std::vector<Worker> workers_;
};

}  // namespace syncline
