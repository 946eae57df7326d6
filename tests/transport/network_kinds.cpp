#include "transport/network.hpp"

namespace syncline::testing {

std::vector<NetworkKind>& network_kinds() {
  static std::vector<NetworkKind> kinds;
  return kinds;
}

}  // namespace syncline::testing
