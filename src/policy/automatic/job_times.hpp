#pragma once

#include <cstdint>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "syncline/event.hpp"

namespace syncline {

/// For each worker, durations that its next jobs may take, all equally likely: an empirical law of
/// two durations or more.
using JobSamples = std::vector<std::vector<double>>;

/// What is known of how long each worker takes for a job: its last 16 durations, and how long the
/// job had taken that was cut off at the end of the observation. A worker has changed when its
/// newest four jobs all took longer, or all less, than those before, or when it is silent for four
/// times its longest: then what came before is forgotten. Told only of jobs that nobody meant to
/// cut short, or long ones would be missing.
class JobTimes {
 public:
  explicit JobTimes(std::uint32_t workers) : workers_(workers) {}

  void took(WorkerId worker, double duration);
  /// Nothing more is observed: the job that it has now has taken so long (censored).
  void silent(WorkerId worker, double age);

  /// A worker with fewer than 16 durations of its own borrows from all others, their durations
  /// scaled to its mean. The mean is shrunk to that of all workers by as much as the workers'
  /// differences may be chance (a one-way analysis of variance of the logarithms). A job that was
  /// cut off counts as one of those that took longer than it had by then, of anybody, if there is
  /// any; so does every job of a worker that has never answered.
  [[nodiscard]] JobSamples samples() const;

  [[nodiscard]] nlohmann::json state() const;
  void restore(const nlohmann::json& state);

 private:
  struct Worker {
    std::vector<double> durations;  ///< oldest first
    double silence = 0;             ///< since its last answer; 0 where it says nothing
  };
  /// What a duration of each worker is divided by to be one of the common pool.
  [[nodiscard]] std::vector<double> scales() const;

  std::vector<Worker> workers_;
};

}  // namespace syncline
