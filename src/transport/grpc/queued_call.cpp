#include "transport/grpc/queued_call.hpp"

#include <grpcpp/channel.h>

namespace syncline {

void* QueuedCall::Operation::begin() {
  ++call_.under_way_;
  return tag();
}

void QueuedCall::Operation::done(bool ok) {
  QueuedCall& call = call_;
  reaction_(ok);
  if (--call.under_way_ == 0) call.nothing_left();
}

// NOLINTBEGIN(readability-identifier-naming)
void QueuedClientCall::StartCall(const std::shared_ptr<grpc::Channel>& channel, const char* method,
                                 Pump& pump) {
  channel_ = channel;
  pump_ = &pump;
  stream_ = grpc::GenericStub(channel).PrepareCall(&context_, method, &pump.queue());
  static_cast<void>(hold_.begin());
  stream_->StartCall(start_.begin());
}

void QueuedClientCall::RemoveHold() {
  // By the queue, so that OnDone() never comes from within a call of one's own.
  released_.Set(&pump_->queue(), gpr_inf_past(GPR_CLOCK_MONOTONIC), hold_.tag());
}

void QueuedServerCall::StartWaiting(grpc::AsyncGenericService& service,
                                    grpc::ServerCompletionQueue& queue) {
  // Whoever polls may see the end of a call before its beginning.
  context_.AsyncNotifyWhenDone(over_.begin());
  service.RequestCall(&context_, &stream_, &queue, &queue, called_.begin());
}
// NOLINTEND(readability-identifier-naming)

}  // namespace syncline
