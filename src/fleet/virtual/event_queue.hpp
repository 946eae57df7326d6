#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "syncline/large_page_allocator.hpp"

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

/// The pending events, earliest first: a heap of arity 4, whose node's children share a cache line
/// (the root stands at index `root` of an aligned array to make it so).
/// A worker has at most one event. Two habits of SGD policies are cheap: the pop that is followed
/// by a push (a worker starts its next job) costs one sift, and many pushes announced by expect()
/// (everybody restarts) cost one linear heapify.
class EventQueue {
 public:
  [[nodiscard]] bool empty() const { return size() == (hole_ ? 1U : 0U); }

  void expect(std::size_t pushes) {
    if (pushes < 2 || pushes < size() / 2) return;
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
      sift_up(size() - 1, event);
    }
  }

  /// The earliest event. REQUIRES: not empty.
  const QueuedEvent& top() {
    fill_hole();
    order();
    return heap_[root];
  }

  /// Removes the earliest event. REQUIRES: top() was called since the last change.
  void pop() { hole_ = true; }

  void clear() {
    heap_.resize(root);
    hole_ = false;
    ordered_ = true;
  }

  /// Removes the event of one worker; linear.
  void remove(std::uint32_t worker) {
    fill_hole();
    const auto gone = std::remove_if(heap_.begin() + root, heap_.end(),
                                     [&](const auto& event) { return event.worker == worker; });
    heap_.erase(gone, heap_.end());
    ordered_ = false;
  }

  /// All events in no order, without a hole; for checkpoints.
  [[nodiscard]] std::vector<QueuedEvent> events() {
    fill_hole();
    return {heap_.begin() + root, heap_.end()};
  }

 private:
  static constexpr std::size_t arity = 4;
  static constexpr std::size_t root = arity - 1;

  [[nodiscard]] std::size_t size() const { return heap_.size() - root; }
  QueuedEvent& at(std::size_t node) { return heap_[root + node]; }

  void fill_hole() {
    if (!hole_) return;
    hole_ = false;
    const QueuedEvent last = heap_.back();
    heap_.pop_back();
    if (size() > 0) sift_down(0, last);
  }

  void order() {
    if (ordered_) return;
    ordered_ = true;
    if (size() < 2) return;
    for (std::size_t node = (size() - 2) / arity + 1; node-- > 0;) sift_down(node, at(node));
  }

  void sift_up(std::size_t node, const QueuedEvent& event) {
    const QueuedEvent moved = event;
    while (node > 0) {
      const std::size_t parent = (node - 1) / arity;
      if (!moved.before(at(parent))) break;
      at(node) = at(parent);
      node = parent;
    }
    at(node) = moved;
  }

  void sift_down(std::size_t node, const QueuedEvent event) {
    const std::size_t count = size();
    for (;;) {
      const std::size_t first = node * arity + 1;
      if (first >= count) break;
      std::size_t least = first;
      const std::size_t end = std::min(first + arity, count);
      for (std::size_t child = first + 1; child < end; ++child) {
        if (at(child).before(at(least))) least = child;
      }
      if (!at(least).before(event)) break;
      at(node) = at(least);
      node = least;
    }
    at(node) = event;
  }

  std::vector<QueuedEvent, LargePageAllocator<QueuedEvent>> heap_ =
      std::vector<QueuedEvent, LargePageAllocator<QueuedEvent>>(root);
  bool hole_ = false;    ///< the root was popped and not yet replaced
  bool ordered_ = true;  ///< false: pushes were appended, heapify before the next top()
};

}  // namespace syncline
