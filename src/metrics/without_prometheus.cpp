// Stands in for the server of metrics in a build without prometheus-cpp and cpp-httplib.

#include "metrics/metrics_server.hpp"
#include "syncline/error.hpp"

namespace syncline {

struct MetricsServer::Parts {};

MetricsServer::MetricsServer(const std::string&, std::uint16_t, std::function<RunPicture()>) {
  throw ConfigError(
      "--metrics-port: this build of Syncline lacks prometheus-cpp or cpp-httplib: install "
      "Debian's "
      "packages prometheus-cpp-dev and libcpp-httplib-dev and build again");
}

MetricsServer::~MetricsServer() = default;

std::uint16_t MetricsServer::port() const { return 0; }

}  // namespace syncline
