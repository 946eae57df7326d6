#pragma once

#include <algorithm>
#include <string>

#include "syncline/error.hpp"
#include "syncline/progress.hpp"

namespace syncline {

/// How much of a measurement is done, counted in samples, for the outside. Not thread-safe.
class WorkDone {
 public:
  explicit WorkDone(const Progress& progress) : progress_(progress) {}

  /// Samples in all. Without it nothing is reported: then somebody else does.
  void expect(double samples) { expected_ = samples; }
  void begin(const std::string& what) { what_ = what; }

  /// Throws where the user has stopped the program: half-measured constants are of no use.
  void did(double samples) {
    if (progress_.stop()) {
      throw Error(ExitCode::interrupted,
                  "interrupted while measuring the " + what_ + "; nothing was written");
    }
    done_ += samples;
    if (expected_ > 0) progress_.report(what_, std::min(1.0, done_ / expected_));
  }

 private:
  const Progress& progress_;
  double expected_ = 0;
  double done_ = 0;
  std::string what_;
};

}  // namespace syncline
