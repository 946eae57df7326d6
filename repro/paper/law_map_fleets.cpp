#include "law_map_fleets.hpp"

#include "syncline/error.hpp"

namespace syncline::repro::law_map {
namespace {

FleetConfig alike(std::uint32_t workers, const std::string& delay) {
  FleetConfig fleet;
  fleet.workers = workers;
  fleet.delay = delay;
  return fleet;
}

template <const char* delay>
FleetConfig all(std::uint32_t workers) {
  return alike(workers, delay);
}

FleetConfig halves(std::uint32_t workers, const std::string& fast, const std::string& slow) {
  const std::string half = std::to_string(workers / 2);
  return alike(workers, half + "*" + fast + "," + half + "*" + slow);
}

constexpr char gamma_25[] = "gamma(shape=25, scale=0.04)";
constexpr char shifted[] = "shifted-exponential(shift=0.5, rate=2)";
constexpr char gamma_2[] = "gamma(shape=2, scale=0.5)";
constexpr char weibull_15[] = "weibull(shape=1.5, scale=1.1077321674)";
constexpr char exponential[] = "exponential(rate=1)";
constexpr char weibull_07[] = "weibull(shape=0.7, scale=0.7899995499)";
constexpr char hyperexponential[] = "hyperexponential(p=0.9, mean1=0.5, mean2=5.5)";
constexpr char pareto[] = "pareto(scale=0.6, shape=2.5)";
constexpr char lognormal[] = "lognormal(mu=-0.5, sigma=1)";

FleetConfig unlike_exponential(std::uint32_t workers) {
  return halves(workers, "exponential(rate=1.6666666667)", "exponential(rate=0.33333333333)");
}

FleetConfig unlike_shifted(std::uint32_t workers) {
  return halves(workers, "shifted-exponential(shift=0.3, rate=3.3333333333)",
                "shifted-exponential(shift=1.5, rate=0.66666666667)");
}

/// In the long run a worker is slow for a fifth of the time and does 0.84 units of work in a unit
/// of time; its jobs are of 0.84.
FleetConfig slow_states(std::uint32_t workers) {
  FleetConfig fleet = alike(workers, "gamma(shape=4, scale=0.21)");
  fleet.slowness = "markov(mean_normal=10, mean_slow=2.5, factor=5)";
  return fleet;
}

/// A quarter of a unit each way: a tenth of latency, the rest for the bytes.
FleetConfig own_links(std::uint32_t workers) {
  FleetConfig fleet = alike(workers, "exponential(rate=2)");
  fleet.latency = 0.1;
  fleet.bandwidth = message_bytes / 0.15;
  return fleet;
}

FleetConfig server_link(std::uint32_t workers) {
  FleetConfig fleet = alike(workers, exponential);
  fleet.server_bandwidth = message_bytes / server_link_time;
  return fleet;
}

}  // namespace

const std::vector<Row>& rows() {
  static const std::vector<Row> all_rows = {
      {"gamma-25", "gamma 25", "gamma of shape 25: deviation 0.2", Ageing::nbu, all<gamma_25>},
      {"shifted", "shifted exponential", "0.5 + exponential of mean 0.5", Ageing::nbu,
       all<shifted>},
      {"gamma-2", "gamma 2", "gamma of shape 2", Ageing::nbu, all<gamma_2>},
      {"weibull-1.5", "Weibull 1.5", "Weibull of shape 1.5", Ageing::nbu, all<weibull_15>},
      {"exponential", "exponential", "exponential", Ageing::both, all<exponential>},
      {"weibull-0.7", "Weibull 0.7", "Weibull of shape 0.7", Ageing::nwu, all<weibull_07>},
      {"hyperexponential", "hyperexponential", "mean 0.5 with chance 0.9, else 5.5", Ageing::nwu,
       all<hyperexponential>},
      {"pareto-2.5", "Pareto 2.5", "Pareto of exponent 2.5, from 0.6 on", Ageing::neither,
       all<pareto>},
      {"lognormal", "lognormal", "lognormal, sigma = 1", Ageing::neither, all<lognormal>},
      {"unlike-exponential", "half 5x slower, exp.",
       "exponential, mean 0.6 for one half and 3 for the other", Ageing::unlike,
       unlike_exponential},
      {"unlike-shifted", "half 5x slower, shifted",
       "0.3 + exponential of mean 0.3 for one half, five times that for the other", Ageing::unlike,
       unlike_shifted},
      {"slow-states", "slow states",
       "gamma of shape 4 and mean 0.84; every worker is 5 times slower in stretches of mean 2.5, "
       "with 10 between",
       Ageing::other, slow_states},
      {"own-links", "own links",
       "exponential of mean 0.5, and 0.25 each way for the message (latency 0.1)", Ageing::nbu,
       own_links},
      {"server-link", "server's link",
       "exponential; the server's one link takes in 20 gradients in a unit of time", Ageing::both,
       server_link}};
  return all_rows;
}

const Row& row_named(const std::string& key) {
  for (const Row& row : rows()) {
    if (row.key == key) return row;
  }
  throw InternalError("the map has no row '" + key + "'");
}

const std::vector<std::uint32_t>& columns() {
  static const std::vector<std::uint32_t> workers = {4, 8, 16, 32};
  return workers;
}

const char* ageing_text(Ageing ageing) {
  switch (ageing) {
    case Ageing::nbu:
      return "NBU";
    case Ageing::both:
      return "both";
    case Ageing::nwu:
      return "NWU";
    case Ageing::neither:
      return "neither";
    case Ageing::unlike:
      return "unlike workers";
    case Ageing::other:
      break;
  }
  return "-";
}

std::string cell_name(const Row& row, std::uint32_t workers) {
  return row.key + "-" + std::to_string(workers);
}

}  // namespace syncline::repro::law_map
