#include <algorithm>
#include <queue>
#include <set>

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "fleet/virtual/event_queue.hpp"

namespace syncline {
namespace {

/// std::priority_queue gives the greatest first, so "greater" is "later".
struct Later {
  bool operator()(const QueuedEvent& a, const QueuedEvent& b) const { return b.before(a); }
};

/// The oracle: std::priority_queue, whose removed workers are passed over when they come up.
class Oracle {
 public:
  void push(const QueuedEvent& event) {
    queue_.push(event);
    live_.insert({event.worker, event.time});
  }
  void remove(std::uint32_t worker) {
    std::erase_if(live_, [&](const auto& entry) { return entry.first == worker; });
  }
  void clear() { live_.clear(); }
  [[nodiscard]] bool empty() const { return live_.empty(); }
  QueuedEvent top() {
    while (live_.count({queue_.top().worker, queue_.top().time}) == 0) queue_.pop();
    return queue_.top();
  }
  void pop() {
    const QueuedEvent event = top();
    live_.erase({event.worker, event.time});
    queue_.pop();
  }
  [[nodiscard]] std::size_t size() const { return live_.size(); }
  [[nodiscard]] bool has(std::uint32_t worker) const {
    return std::any_of(live_.begin(), live_.end(),
                       [&](const auto& entry) { return entry.first == worker; });
  }

 private:
  std::priority_queue<QueuedEvent, std::vector<QueuedEvent>, Later> queue_;
  std::set<std::pair<std::uint32_t, double>> live_;
};

constexpr std::uint32_t workers = 40;

TEST_CASE("the event queue, random operations and ties, gives what std::priority_queue gives") {
  CHECK(rc::check("same order", [] {
    EventQueue queue;
    Oracle oracle;
    double tick = 0;  // unique in its fraction, so that a removed event is never met again
    const auto push_to = [&](std::uint32_t worker, int time) {
      if (oracle.has(worker)) return;
      // Few distinct whole parts give near ties; equal times of different workers give real ones.
      const double at = time % 3 == 0 ? tick : tick + time;
      const QueuedEvent event{at, worker, QueuedEvent::Kind::arrival};
      queue.push(event);
      oracle.push(event);
    };
    const auto operations = *rc::gen::container<std::vector<std::pair<int, int>>>(
        rc::gen::pair(rc::gen::inRange(0, 12), rc::gen::inRange(0, 1000)));
    for (const auto& [operation, number] : operations) {
      const auto worker = static_cast<std::uint32_t>(number) % workers;
      if (operation % 2 == 0) tick += 1;
      if (operation < 4) {
        push_to(worker, number);
      } else if (operation < 8) {
        if (oracle.empty()) continue;
        RC_ASSERT(queue.top().worker == oracle.top().worker);
        RC_ASSERT(queue.top().time == oracle.top().time);
        queue.pop();
        oracle.pop();
        // The habit of a fleet: the worker starts again at once.
        if (operation == 7) push_to(worker, number);
      } else if (operation == 8) {
        queue.remove(worker);
        oracle.remove(worker);
      } else if (operation == 9) {
        queue.expect(workers - oracle.size());
        for (std::uint32_t w = 0; w < workers; ++w) push_to(w, (number * 7 + int(w) * 13) % 9);
      } else if (operation == 10) {
        RC_ASSERT(queue.events().size() == oracle.size());
      } else if (number % 4 == 0) {
        queue.clear();
        oracle.clear();
      }
      RC_ASSERT(queue.empty() == oracle.empty());
    }
    while (!oracle.empty()) {
      RC_ASSERT(!queue.empty());
      RC_ASSERT(queue.top().worker == oracle.top().worker);
      RC_ASSERT(queue.top().time == oracle.top().time);
      queue.pop();
      oracle.pop();
    }
    RC_ASSERT(queue.empty());
  }));
}

TEST_CASE("simultaneous events, pushed in any order, come out by worker") {
  CHECK(rc::check("ties", [] {
    const auto count = *rc::gen::inRange<std::uint32_t>(1, 60);
    std::vector<std::uint32_t> order(count);
    for (std::uint32_t i = 0; i < count; ++i) order[i] = i;
    for (std::uint32_t i = count; i > 1; --i) {
      std::swap(order[i - 1], order[*rc::gen::inRange<std::uint32_t>(0, i)]);
    }
    EventQueue queue;
    if (*rc::gen::arbitrary<bool>()) queue.expect(count);
    for (const std::uint32_t worker : order) queue.push({1.5, worker, QueuedEvent::Kind::arrival});
    for (std::uint32_t worker = 0; worker < count; ++worker) {
      RC_ASSERT(queue.top().worker == worker);
      queue.pop();
    }
  }));
}

}  // namespace
}  // namespace syncline
