#include "transport/pulse.hpp"

#include <utility>

#include "transport/transport.hpp"

namespace syncline {

ThreadPulse::ThreadPulse(std::chrono::duration<double> every, std::function<void()> act)
    : every_(every), act_(std::move(act)), thread_([this] { beat(); }) {}

ThreadPulse::~ThreadPulse() {
  {
    const std::lock_guard lock(mutex_);
    closing_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void ThreadPulse::beat() {
  std::unique_lock lock(mutex_);
  while (!changed_.wait_for(lock, every_, [&] { return closing_; })) {
    lock.unlock();
    act_();
    lock.lock();
  }
}

std::unique_ptr<Pulse> TransportEnd::pulse(std::chrono::duration<double> every,
                                           std::function<void()> act) {
  return std::make_unique<ThreadPulse>(every, std::move(act));
}

}  // namespace syncline
