#include "transport/simulated/simulated_listening.hpp"

#include <utility>

namespace syncline {
namespace {

constexpr SimulatedNetwork::Seconds between_looks{0.05};

}  // namespace

void SimulatedListening::listen(Turn turn) {
  turns_.push_back(std::move(turn));
  if (!std::exchange(looks_later_, true)) look_later();
}

void SimulatedListening::look_later() {
  network_.schedule(process_, between_looks, [this, alive = alive_] {
    if (!*alive) return;
    look();
    look_later();
  });
}

void SimulatedListening::look() {
  for (Turn& turn : turns_) {
    if (turn && !turn()) turn = nullptr;
  }
}

bool SimulatedListening::wait(std::unique_lock<std::mutex>& lock, Time until) {
  if (until <= network_.time().now()) return false;
  lock.unlock();
  const bool early = network_.wait_for_others(until);
  lock.lock();
  return early;
}

}  // namespace syncline
