#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "syncline/config.hpp"

// The rows and columns of the map: delay laws and numbers of workers.
namespace syncline::repro::law_map {

/// What is known of how jobs of a row age (docs/delays.md).
enum class Ageing { nbu, both, nwu, neither, unlike, other };

struct Row {
  std::string key;    ///< "weibull-0.7"
  std::string title;  ///< "Weibull 0.7"
  std::string words;  ///< how it is made, for the page
  Ageing ageing = Ageing::other;
  FleetConfig (*fleet)(std::uint32_t workers) = nullptr;
};

/// Scaled alike: a fleet of P workers that never wait makes P gradients in a unit of time. For
/// equal workers without communication that is a mean time of 1.
[[nodiscard]] const std::vector<Row>& rows();
[[nodiscard]] const Row& row_named(const std::string& key);

[[nodiscard]] const std::vector<std::uint32_t>& columns();  ///< workers: 4, 8, 16, 32

/// "NBU", "NWU", ...
[[nodiscard]] const char* ageing_text(Ageing ageing);

/// Of softmax regression on MNIST in single precision: 7,850 parameters.
inline constexpr double message_bytes = 4 * 7850;

/// What one push occupies of the shared link of the row "server-link".
inline constexpr double server_link_time = 0.05;

/// "weibull-0.7-8": of a row under so many workers.
[[nodiscard]] std::string cell_name(const Row& row, std::uint32_t workers);

}  // namespace syncline::repro::law_map
