// Workers of `serve` that compute for longer than a worker may be silent: slow, and not dead.

#include <doctest/doctest.h>

#include "cli/process.hpp"
#include "transport/long_gradient.hpp"

namespace syncline {
namespace {

TEST_CASE("a gradient that takes longer than three heartbeats is used, and nobody is down") {
  testing::check_long_gradients([](const TemporaryFolder& folder, std::size_t batch) {
    std::vector<std::string> words = {"serve",       "--json",    "--listen",
                                      "127.0.0.1:0", "--workers", "2"};
    const auto more = testing::long_gradients(folder, batch);
    words.insert(words.end(), more.begin(), more.end());
    Process server(words);
    const std::string address = server.await("listening at ");
    Process one({"work", "--server", address}), two({"work", "--server", address});
    const Ended ended = server.ended();
    CAPTURE(ended.err);
    CHECK(ended.exit == 0);
    CHECK(one.ended().exit == 0);
    CHECK(two.ended().exit == 0);
  });
}

}  // namespace
}  // namespace syncline
