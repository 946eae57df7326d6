#include "server/snapshot_pool.hpp"

#include <set>

#include <doctest/doctest.h>
#include <rapidcheck.h>

namespace syncline {
namespace {

TEST_CASE("a pool, its snapshots taken and let go at random, hands out none that is held") {
  CHECK(rc::check("distinct, counted, recycled", [] {
    SnapshotPool<float> pool(3);
    std::vector<std::shared_ptr<Snapshot<float>>> held;
    std::set<const void*> ever;
    std::size_t peak = 0;
    const auto choices = *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 100));
    for (const int choice : choices) {
      if (choice % 2 == 0 && !held.empty()) {
        held.erase(held.begin() + choice % static_cast<int>(held.size()));
      } else {
        auto snapshot = pool.take();
        RC_ASSERT(snapshot->state.size() == 3U);
        for (const auto& other : held) RC_ASSERT(other != snapshot);
        ever.insert(snapshot.get());
        held.push_back(std::move(snapshot));
        peak = std::max(peak, held.size());
      }
      RC_ASSERT(pool.live() == held.size());
      RC_ASSERT(pool.peak() == peak);
      // Buffers are made only where none is free.
      RC_ASSERT(ever.size() == peak);
    }
  }));
}

}  // namespace
}  // namespace syncline
