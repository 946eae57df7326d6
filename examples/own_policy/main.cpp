// A policy of your own: docs/policies.md explains bounded_async.hpp step by step.

#include <cstdint>
#include <cstdio>

#include "bounded_async.hpp"
#include "run.hpp"

int main() {
  std::puts("staleness limit   time for 2000 updates   mean staleness   largest   dropped");
  for (const std::uint64_t limit : {0, 4, 16, 1000}) {
    const Outcome outcome = run(BoundedAsync(1, limit), 2000);
    std::printf("%15llu   %21.1f   %14.2f   %7llu   %7llu\n",
                static_cast<unsigned long long>(limit), outcome.elapsed, outcome.staleness,
                static_cast<unsigned long long>(outcome.largest_staleness),
                static_cast<unsigned long long>(outcome.account.dropped));
  }
}
