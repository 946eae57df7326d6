#include "fit_of.hpp"

#include <cmath>

#include <nlohmann/json.hpp>

#include "input_file.hpp"
#include "syncline/delay_law.hpp"
#include "syncline/error.hpp"
#include "syncline/fit.hpp"
#include "target.hpp"

namespace syncline::fuzz {
namespace {

void check(const Timings& timings) {
  promise(!timings.jobs.empty(), "at least one job");
  for (const Timing& job : timings.jobs) {
    promise(job.worker < timings.workers, "jobs of workers that exist");
    promise(job.seconds > 0 && std::isfinite(job.seconds), "times are above 0 and finite");
    promise(!std::isinf(job.start), "starts are finite where they are known");
  }
}

void check(const FleetFit& fit, std::uint32_t workers) {
  promise(fit.workers.size() == workers, "a fit for each worker");
  static_cast<void>(to_json(fit).dump());
  try {
    static_cast<void>(DelayProfile::parse(fit.profile, workers));
  } catch (const Error& error) {
    throw BrokenPromise("the fitted fleet is one for --delay: " + std::string(error.what()));
  }
}

}  // namespace

void take_timings(std::string_view input) {
  Timings timings;
  read_as_file(input, [&](const std::filesystem::path& path) { timings = read_timings(path); });
  check(timings);
  check(fit_fleet(timings), timings.workers);
}

}  // namespace syncline::fuzz
