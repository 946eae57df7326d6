#include <algorithm>

#include <doctest/doctest.h>

#include "support/policy_samples.hpp"
#include "syncline/error.hpp"
#include "syncline/policy.hpp"

namespace syncline {
namespace {

PolicyContext fleet_of(std::uint32_t workers) {
  PolicyContext context;
  context.workers = workers;
  return context;
}

/// The message with which a policy is refused; empty if it is made.
std::string refusal(const std::string& text, std::uint32_t workers) {
  try {
    static_cast<void>(make_policy(text, fleet_of(workers)));
  } catch (const ConfigError& error) {
    return error.what();
  }
  return "";
}

TEST_CASE("every policy of the registry, from sample arguments, is made") {
  std::vector<std::string> seen;
  for (const auto& text : testing::sample_policies()) {
    CAPTURE(text);
    CHECK(make_policy(text, fleet_of(4)) != nullptr);
    seen.push_back(parse_spec(text).name);
  }
  for (const auto& entry : policies().entries()) {
    CAPTURE(entry.name);
    CHECK(std::count(seen.begin(), seen.end(), entry.name) > 0);
    CHECK_FALSE(entry.summary.empty());
    CHECK_FALSE(entry.source.empty());
  }
}

TEST_CASE("a policy with K = 0 is refused with its text and the number") {
  for (const char* name : {"k-sync", "k-batch-sync", "k-async", "k-batch-async"}) {
    CAPTURE(name);
    const std::string message = refusal(std::string(name) + "(k=0)", 8);
    CHECK(message.find(std::string(name) + "(k=0)") != std::string::npos);
    CHECK(message.find("at least 1, not '0'") != std::string::npos);
  }
  CHECK(refusal("adasync(k0=0)", 8).find("at least 1, not '0'") != std::string::npos);
}

TEST_CASE("a policy that counts workers, K > P, is refused with K and P; the batch ones take it") {
  for (const char* text : {"k-sync(k=9)", "k-async(k=9)", "k-sync(k=9, rest=finish)",
                           "adasync(base=k-sync, k0=9)", "adasync(base=k-async, k_max=9)"}) {
    CAPTURE(text);
    CHECK(refusal(text, 9).empty());
    const std::string message = refusal(text, 8);
    CHECK(message.find("number of workers, 8") != std::string::npos);
    CHECK(message.find("not '9'") != std::string::npos);
    CHECK(message.find(parse_spec(text).name) != std::string::npos);
  }
  for (const char* text :
       {"k-batch-sync(k=9)", "k-batch-async(k=9)", "adasync(base=k-batch-sync, k0=9)",
        "adasync(base=k-batch-async, k_max=90)"}) {
    CAPTURE(text);
    CHECK(refusal(text, 1).empty());
  }
}

TEST_CASE("adasync with the general rule, a K too large to simulate, is refused before it is") {
  PolicyContext context = fleet_of(200000);
  std::uint64_t asked = 0;
  context.runtimes = [&](const std::string&, std::uint64_t k_max) {
    asked = k_max;
    return std::vector<double>(k_max, 1.0);
  };
  for (const char* text : {"adasync(rule=general)", "adasync(rule=general, k_max=100001)",
                           "adasync(base=k-batch-async, rule=general, k_max=1000000000000)"}) {
    CAPTURE(text);
    std::string message;
    try {
      static_cast<void>(make_policy(text, context));
    } catch (const ConfigError& error) {
      message = error.what();
    }
    CHECK(message.find("k_max must be 1 to 100000") != std::string::npos);
  }
  CHECK(asked == 0);
  CHECK_NOTHROW(static_cast<void>(make_policy("adasync(rule=general, k_max=100)", context)));
  CHECK(asked == 100);
}

TEST_CASE("adasync, arguments that contradict each other, is refused") {
  CHECK_FALSE(refusal("adasync(base=async)", 8).empty());
  CHECK_FALSE(refusal("adasync(base=k-asink)", 8).empty());
  CHECK_FALSE(refusal("adasync(interval=0)", 8).empty());
  CHECK_FALSE(refusal("adasync(interval=nan)", 8).empty());
  CHECK_FALSE(refusal("adasync(k0=4, k_max=3)", 8).empty());
  CHECK_FALSE(refusal("adasync(rule=cubic)", 8).empty());
  CHECK_FALSE(refusal("adasync(base=k-batch-async, k0=9, rule=quadratic)", 8).empty());
  // The general rule plans with the runtimes of a fleet, and here is none.
  CHECK_FALSE(refusal("adasync(rule=general)", 8).empty());
  CHECK_FALSE(refusal("k-sync(k=2, rest=keep)", 8).empty());
}

TEST_CASE("a policy, its name or parameter misspelt, is refused with the nearest") {
  CHECK(refusal("k-asinc(k=2)", 8).find("did you mean 'k-async'?") != std::string::npos);
  CHECK(refusal("adasync(intervall=2)", 8).find("did you mean 'interval'?") != std::string::npos);
  CHECK_FALSE(refusal("k-async", 8).empty());
  CHECK_FALSE(refusal("sync(k=8)", 8).empty());
}

}  // namespace
}  // namespace syncline
