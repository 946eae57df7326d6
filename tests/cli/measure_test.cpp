#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "cli/program.hpp"

namespace syncline {
namespace {

using Json = nlohmann::json;
using Arguments = std::vector<std::string>;

const Arguments small = {"measure", "--model", "quadratic(dimension=10, noise=2)"};

Ended measure_with(const Arguments& more) {
  Arguments arguments = small;
  arguments.insert(arguments.end(), more.begin(), more.end());
  return syncline_run(arguments);
}

TEST_CASE("measure --json prints exactly one object with the keys of the contract") {
  const Ended ended = measure_with({"--json"});
  CHECK(ended.exit == 0);
  CHECK(ended.err.empty());
  const Json result = Json::parse(ended.out);
  for (const char* key :
       {"schema", "kind", "workload", "data", "seed", "samples", "dimension", "batch", "loss",
        "gradient_norm2", "sigma2", "m_g", "smoothness", "convexity", "gamma", "signal", "noise"}) {
    CAPTURE(key);
    CHECK(result.contains(key));
  }
  CHECK(result["gamma"].is_null());
  CHECK(result["dimension"] == 10);
  CHECK(measure_with({"--json"}).out == ended.out);
  CHECK(measure_with({"--json", "--threads", "3"}).out == ended.out);
}

TEST_CASE("measure prints a table, and saves what --json prints") {
  const TemporaryFolder folder;
  const auto file = folder.path() / "c.json";
  const Ended ended =
      measure_with({"--save", file.string(), "--policy", "async", "--window", "50"});
  CHECK(ended.exit == 0);
  for (const char* part : {"sigma^2", "L, largest curvature", "gamma of async", "10"}) {
    CHECK(ended.out.find(part) != std::string::npos);
  }
  CHECK(Json::parse(read_text(file))["gamma"]["value"] > 0);
  CHECK(measure_with({"--json", "--policy", "async", "--window", "50"}).out == read_text(file));
}

TEST_CASE("measure with settings that can't be is refused with one line") {
  const auto refused = [](const Arguments& more, int exit, const std::string& part) {
    const Ended ended = measure_with(more);
    CAPTURE(ended.err);
    CHECK(ended.exit == exit);
    CHECK(ended.out.empty());
    CHECK(ended.err.find(part) != std::string::npos);
    CHECK(ended.err.find('\n') == ended.err.size() - 1);
  };
  refused({"--gradients", "1"}, 2, "measure.gradients");
  refused({"--directions", "0"}, 2, "--directions");
  refused({"--save", "/nowhere/c.json"}, 3, "/nowhere");
  refused({"--window", "5", "--workers", "3", "--policy", "k-async(k=4)"}, 2, "number of workers");
  refused({"--window", "5000", "--policy", "async", "--step-size", "100"}, 2, "diverged");
  refused({"--set", "model.workload=sofmax"}, 2, "did you mean 'softmax'?");
}

TEST_CASE("measure without a window does not ask whether the policy fits the fleet") {
  CHECK(measure_with({"--workers", "3", "--policy", "k-async(k=4)"}).exit == 0);
}

}  // namespace
}  // namespace syncline
