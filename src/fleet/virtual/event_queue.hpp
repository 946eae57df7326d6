#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace syncline {

/// One thing that will happen to one worker.
struct QueuedEvent {
  enum class Kind : std::uint32_t {
    arrival,     ///< the payload is at the server
    at_the_link  ///< the payload joins the queue of the server's shared link
  };
  double time = 0;
  std::uint32_t worker = 0;
  Kind kind = Kind::arrival;

  /// Simultaneous events are served in worker order (docs/concepts.md, "Ties").
  [[nodiscard]] bool before(const QueuedEvent& other) const {
    if (time != other.time) return time < other.time;
    return worker < other.worker;
  }
};

/// The pending events, earliest first: a heap of arity 4, whose node's children share a cache line.
/// A worker has at most one event. Two habits of SGD policies are cheap: the pop that is followed by
/// a push (a worker starts its next job) costs one sift, and many pushes announced by expect()
/// (everybody restarts) cost one linear heapify.
class EventQueue {
 public:
  [[nodiscard]] bool empty() const { return heap_.size() == (hole_ ? 1U : 0U); }

  void expect(std::size_t pushes) {
    if (pushes < 2 || pushes < heap_.size() / 2) return;
    fill_hole();
    ordered_ = false;
    heap_.reserve(heap_.size() + pushes);
  }

  void push(const QueuedEvent& event) {
    if (!ordered_) {
      heap_.push_back(event);
    } else if (hole_) {
      hole_ = false;
      sift_down(0, event);
    } else {
      heap_.push_back(event);
      sift_up(heap_.size() - 1, event);
    }
  }

  /// The earliest event. REQUIRES: not empty.
  const QueuedEvent& top() {
    fill_hole();
    order();
    return heap_.front();
  }

  /// Removes the earliest event. REQUIRES: top() was called since the last change.
  void pop() { hole_ = true; }

  void clear() {
    heap_.clear();
    hole_ = false;
    ordered_ = true;
  }

  /// Removes the event of one worker; linear.
  void remove(std::uint32_t worker) {
    fill_hole();
    std::erase_if(heap_, [&](const QueuedEvent& event) { return event.worker == worker; });
    ordered_ = false;
  }

  /// All events in no order, without a hole; for checkpoints.
  [[nodiscard]] const std::vector<QueuedEvent>& events() {
    fill_hole();
    return heap_;
  }

 private:
  static constexpr std::size_t arity = 4;

  void fill_hole() {
    if (!hole_) return;
    hole_ = false;
    const QueuedEvent last = heap_.back();
    heap_.pop_back();
    if (!heap_.empty()) sift_down(0, last);
  }

  void order() {
    if (ordered_) return;
    ordered_ = true;
    if (heap_.size() < 2) return;
    for (std::size_t i = (heap_.size() - 2) / arity + 1; i-- > 0;) sift_down(i, heap_[i]);
  }

  void sift_up(std::size_t at, const QueuedEvent& event) {
    while (at > 0) {
      const std::size_t parent = (at - 1) / arity;
      if (!event.before(heap_[parent])) break;
      heap_[at] = heap_[parent];
      at = parent;
    }
    heap_[at] = event;
  }

  void sift_down(std::size_t at, const QueuedEvent event) {
    const std::size_t size = heap_.size();
    for (;;) {
      const std::size_t first = at * arity + 1;
      if (first >= size) break;
      std::size_t least = first;
      const std::size_t end = std::min(first + arity, size);
      for (std::size_t child = first + 1; child < end; ++child) {
        if (heap_[child].before(heap_[least])) least = child;
      }
      if (!heap_[least].before(event)) break;
      heap_[at] = heap_[least];
      at = least;
    }
    heap_[at] = event;
  }

  std::vector<QueuedEvent> heap_;
  bool hole_ = false;     ///< the root was popped and not yet replaced
  bool ordered_ = true;   ///< false: pushes were appended, heapify before the next top()
};

}  // namespace syncline
