#include "transport/listening.hpp"

#include <utility>

namespace syncline {

void ThreadListening::listen(Turn turn) {
  threads_.emplace_back([this, turn = std::move(turn)] {
    while (!closing_ && turn()) {
    }
  });
}

bool ThreadListening::wait(std::unique_lock<std::mutex>& lock, Time until) {
  return changed_.wait_until(lock, until) == std::cv_status::no_timeout;
}

void ThreadListening::close() {
  closing_ = true;
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
  closing_ = false;
}

std::unique_ptr<Listening> listen_with_threads() { return std::make_unique<ThreadListening>(); }

}  // namespace syncline
