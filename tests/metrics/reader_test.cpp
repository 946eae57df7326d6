#include <cmath>

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "metrics/metrics_reader.hpp"
#include "metrics/sample_line.hpp"
#include "syncline/error.hpp"

namespace syncline {
namespace {

constexpr const char* head = "syncline_run_info{policy=\"async\",fleet=\"grpc\"} 1\n";

TEST_CASE("one sample: name, labels with escapes, value, time passed over") {
  const MetricSample sample = read_sample(R"(a_b:c{x="1",y="q\"\\\n,}",} 2.5e3 1700000000)");
  CHECK(sample.name == "a_b:c");
  CHECK(sample.label("x") == "1");
  CHECK(sample.label("y") == "q\"\\\n,}");
  CHECK(sample.label("z") == "");
  CHECK(sample.value == 2500);
  CHECK(read_sample("bare 1").labels.empty());
  CHECK(std::isnan(read_sample("x Nan").value));
  CHECK(std::isinf(read_sample("x +Inf").value));
}

TEST_CASE("what is no sample is refused") {
  for (const char* wrong :
       {"", "1", "{x=\"1\"} 2", "a", "a ", "a b", "a{", "a{x", "a{x}", "a{x=1} 2", "a{x=\"1} 2",
        "a{x=\"1\" 2", "a{x=\"1\"y=\"2\"} 2", "a{}", "a 1x", "a{x=\"\\"}) {
    CAPTURE(wrong);
    CHECK_THROWS_AS(static_cast<void>(read_sample(wrong)), DataError);
  }
}

TEST_CASE("metrics of others, comments and empty lines are passed over") {
  const RunPicture picture = read_metrics(std::string("# HELP x y\n\nexposer_x{a=\"b\"} 1\n") +
                                          head + "syncline_later_version 7\nsyncline_k 3");
  CHECK(picture.policy == "async");
  CHECK(picture.fleet == "grpc");
  CHECK(picture.k == 3);
  CHECK(picture.workers.empty());
}

TEST_CASE("metrics that no run of ours has served are refused, with the line") {
  CHECK_THROWS_AS(static_cast<void>(read_metrics("")), DataError);
  CHECK_THROWS_AS(static_cast<void>(read_metrics("up 1\n")), DataError);
  for (const char* wrong :
       {"<html>", "syncline_updates_total -1", "syncline_updates_total Nan",
        "syncline_updates_total 1e30", "syncline_worker_read_version{worker=\"1\"} 0",
        "syncline_worker_read_version{worker=\"-1\"} 0",
        "syncline_worker_read_version{worker=\"\"} 0",
        "syncline_worker_read_version{worker=\"x\"} 0", "syncline_worker_read_version 0",
        "syncline_worker_read_version{worker=\"nan\"} 0"}) {
    CAPTURE(wrong);
    try {
      static_cast<void>(read_metrics(std::string(head) + wrong));
      FAIL("it was taken");
    } catch (const DataError& error) {
      CHECK(std::string(error.what()).find("line 2") != std::string::npos);
    }
  }
  CHECK_THROWS_AS(static_cast<void>(read_metrics(std::string(head) +
                                                 "syncline_staleness_bucket{le=\"0\"} 5\n"
                                                 "syncline_staleness_bucket{le=\"1\"} 4\n")),
                  DataError);
}

TEST_CASE("any text is taken or refused") {
  CHECK(rc::check("no crash", [](const std::string& text) {
    const auto pieces = *rc::gen::container<std::string>(
        rc::gen::elementOf(std::string("syncline_workr{}=\"\\ 01\n.+Na")));
    try {
      static_cast<void>(read_metrics(head + pieces + text));
    } catch (const DataError&) {
      RC_SUCCEED("refused");
    }
  }));
}

}  // namespace
}  // namespace syncline
