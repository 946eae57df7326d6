#include "transport/grpc/pump.hpp"

#include <algorithm>
#include <grpc/support/time.h>
#include <utility>

namespace syncline {
namespace {

/// Who has not come back for so long does something else.
constexpr std::chrono::milliseconds absence{10};
/// Who comes back waits at most so long for its turn.
constexpr std::chrono::milliseconds one_stand{2};
/// How long a hand polls before it looks whether it is still wanted.
constexpr std::chrono::milliseconds one_shift{200};

/// How long one turn lasts at most: hands that finish their shift may have what is waited for.
constexpr std::chrono::milliseconds one_turn{20};

/// Odd as long as it lasts.
class Visit {
 public:
  explicit Visit(std::atomic<std::uint64_t>& visits) : visits_(visits) { ++visits_; }
  ~Visit() { ++visits_; }
  Visit(const Visit&) = delete;
  Visit& operator=(const Visit&) = delete;

 private:
  std::atomic<std::uint64_t>& visits_;
};

gpr_timespec time_of(Pump::Clock::time_point deadline) {
  const auto left =
      std::chrono::duration_cast<std::chrono::microseconds>(deadline - Pump::Clock::now());
  const gpr_timespec span =
      gpr_time_from_micros(std::max<std::int64_t>(0, left.count()), GPR_TIMESPAN);
  return gpr_time_add(gpr_now(GPR_CLOCK_MONOTONIC), span);
}

}  // namespace

Pump::Pump(std::unique_ptr<grpc::CompletionQueue> queue, unsigned hands)
    : queue_(std::move(queue)) {
  for (unsigned hand = 0; hand < hands; ++hand) {
    hands_.emplace_back([this, hand] { work(hand == 0); });
  }
}

Pump::~Pump() {
  {
    const std::lock_guard lock(mutex_);
    closing_ = true;
  }
  changed_.notify_all();
  queue_->Shutdown();
  for (auto& hand : hands_) hand.join();
  void* tag = nullptr;
  bool ok = false;
  while (queue_->Next(&tag, &ok)) Completion::of(tag).done(ok);
}

void Pump::set_all_hands(bool all) {
  {
    const std::lock_guard lock(mutex_);
    if (std::exchange(all_hands_, all) == all) return;
  }
  changed_.notify_all();
}

void Pump::turn(Clock::time_point deadline, const std::function<bool()>& there) {
  const Visit visit(visits_);
  const std::lock_guard turn(turn_);
  if (!there()) poll(std::min(deadline, Clock::now() + one_turn));
}

void Pump::poll(Clock::time_point deadline) {
  void* tag = nullptr;
  bool ok = false;
  if (queue_->AsyncNext(&tag, &ok, time_of(deadline)) == grpc::CompletionQueue::GOT_EVENT) {
    Completion::of(tag).done(ok);
  }
}

void Pump::work(bool stands_in) {
  std::uint64_t seen = visits_;
  const auto called = [this] { return closing_ || all_hands_; };
  std::unique_lock lock(mutex_);
  while (!closing_) {
    if (all_hands_) {
      lock.unlock();
      poll(Clock::now() + one_shift);
      lock.lock();
    } else if (!stands_in) {
      changed_.wait(lock, called);
    } else if (visits_ == seen && seen % 2 == 0) {
      lock.unlock();
      {
        const std::lock_guard turn(turn_);
        poll(Clock::now() + one_stand);
      }
      lock.lock();
    } else {
      seen = visits_;
      changed_.wait_for(lock, absence, called);
    }
  }
}

}  // namespace syncline
