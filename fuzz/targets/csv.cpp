// Tables of step times, and what `fit` makes of them.

#include <cmath>

#include <nlohmann/json.hpp>

#include "fit_of.hpp"
#include "targets/entries.hpp"

namespace syncline::fuzz {
namespace {

std::vector<std::string> seeds() {
  // Three workers of five jobs, the third one slow; then the same with a header.
  std::string plain;
  std::string full = "start,rank,duration,cancelled,note\n";
  for (int job = 0; job < 15; ++job) {
    const std::string worker = std::to_string(job % 3);
    const std::string time = std::to_string((job * 7 % 11 + 1) * (job % 3 == 2 ? 0.5 : 0.125));
    plain += worker + "," + time + (job == 9 ? ",1" : "") + "\n";
    full += std::to_string(job) + ",\"w" + worker + "\"," + time + "," + (job == 4 ? "yes" : "no") +
            ",x\n";
  }
  return {plain, full};
}

}  // namespace

const Target csv_target{"csv", "a table of step times", take_timings, seeds};

}  // namespace syncline::fuzz
