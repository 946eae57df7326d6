#include "transport/inproc.hpp"
#include "transport/network.hpp"

namespace syncline::testing {

static const AddNetworkKind inproc(
    {"inproc", [] {
       auto network = std::make_shared<InprocNetwork>();
       return Network{network->server(), [network] { return network->connect("worker"); }};
     }});

}  // namespace syncline::testing
