#pragma once

#include "syncline/host.hpp"

namespace syncline::testing {

/// Scalars of vectors for hosts without vectors: functions of the event, so that a run repeats.
class MadeUpScalars final : public ScalarSource {
 public:
  void describe(const Job& job, Arrive& event) override {
    event.loss = 1 + static_cast<double>(job.job % 5);
    event.norm = 1 + static_cast<double>((job.worker + job.job) % 4);
    event.distance = 0.5 * static_cast<double>(event.staleness());
  }
  void describe(Stepped& event) override {
    event.length = 1 + static_cast<double>(event.version % 3);
    event.norm = 1;
    event.dot = event.version % 4 == 0 ? 1 : -1;
    event.spread = 2;
  }
};

}  // namespace syncline::testing
