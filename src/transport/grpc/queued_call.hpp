#pragma once

#include <atomic>
#include <functional>
#include <grpcpp/alarm.h>
#include <grpcpp/client_context.h>
#include <grpcpp/generic/async_generic_service.h>
#include <grpcpp/generic/generic_stub.h>
#include <memory>
#include <utility>

#include "transport/grpc/pump.hpp"

// Bidirectional calls of ByteBuffers with the interface of gRPC's reactors, so that a Stream can be
// one, but whose reactions come from a Pump and not from threads of gRPC.
// NOLINTBEGIN(readability-identifier-naming): as gRPC names them.
namespace syncline {

/// What both ends have in common: a call is over when nothing of it is under way any more.
class QueuedCall {
 public:
  virtual ~QueuedCall() = default;
  QueuedCall(const QueuedCall&) = delete;
  QueuedCall& operator=(const QueuedCall&) = delete;

  virtual void OnReadDone(bool ok) = 0;
  virtual void OnWriteDone(bool ok) = 0;

 protected:
  class Operation final : public Completion {
   public:
    Operation(QueuedCall& call, std::function<void(bool)> reaction)
        : call_(call), reaction_(std::move(reaction)) {}
    /// The tag for gRPC.
    [[nodiscard]] void* begin();
    void done(bool ok) override;

   private:
    QueuedCall& call_;
    const std::function<void(bool)> reaction_;
  };

  QueuedCall() = default;
  /// The last reaction, which may destroy the call.
  virtual void nothing_left() = 0;
  /// Something that was begun will not come back.
  void give_up(const Operation&) { --under_way_; }

  Operation read_{*this, [this](bool ok) { OnReadDone(ok); }};
  Operation write_{*this, [this](bool ok) { OnWriteDone(ok); }};

 private:
  std::atomic<int> under_way_{0};
};

/// As grpc::ClientBidiReactor; holds itself from the start. Any thread may call it, but nothing
/// before StartCall(), and no write before the metadata.
class QueuedClientCall : public QueuedCall {
 public:
  virtual void OnReadInitialMetadataDone(bool ok) = 0;
  virtual void OnDone(const grpc::Status& status) = 0;

 protected:
  /// The pump must outlive the call.
  void StartCall(const std::shared_ptr<grpc::Channel>& channel, const char* method, Pump& pump);
  void StartRead(grpc::ByteBuffer* message) { stream_->Read(message, read_.begin()); }
  void StartWrite(const grpc::ByteBuffer* message) { stream_->Write(*message, write_.begin()); }
  /// Nothing more will be started.
  void RemoveHold();

  grpc::ClientContext context_;

 private:
  void nothing_left() override { OnDone(status_); }

  std::shared_ptr<grpc::Channel> channel_;
  Pump* pump_ = nullptr;
  std::unique_ptr<grpc::GenericClientAsyncReaderWriter> stream_;
  grpc::Status status_;
  grpc::Alarm released_;
  Operation start_{*this, [this](bool) { stream_->ReadInitialMetadata(metadata_.begin()); }};
  Operation metadata_{*this, [this](bool ok) {
                        // Done when the call is over, whatever else goes on.
                        stream_->Finish(&status_, finish_.begin());
                        OnReadInitialMetadataDone(ok);
                      }};
  Operation finish_{*this, [](bool) {}};
  Operation hold_{*this, [](bool) {}};
};

/// As grpc::ServerGenericBidiReactor, but that it waits for its call first.
class QueuedServerCall : public QueuedCall {
 public:
  /// A call has come: to be answered by StartSendInitialMetadata() or Finish().
  virtual void OnCalled() = 0;
  virtual void OnCancel() = 0;
  /// Also if no call has come before the server's end.
  virtual void OnDone() = 0;

 protected:
  void StartWaiting(grpc::AsyncGenericService& service, grpc::ServerCompletionQueue& queue);
  void StartSendInitialMetadata() { stream_.SendInitialMetadata(metadata_.begin()); }
  void StartRead(grpc::ByteBuffer* message) { stream_.Read(message, read_.begin()); }
  void StartWrite(const grpc::ByteBuffer* message) { stream_.Write(*message, write_.begin()); }
  void Finish(const grpc::Status& status) { stream_.Finish(status, finish_.begin()); }

  grpc::GenericServerContext context_;

 private:
  void nothing_left() override { OnDone(); }

  grpc::GenericServerAsyncReaderWriter stream_{&context_};
  Operation called_{*this, [this](bool ok) {
                      if (ok) return OnCalled();
                      give_up(over_);
                    }};
  Operation over_{*this, [this](bool) {
                    if (context_.IsCancelled()) OnCancel();
                  }};
  Operation metadata_{*this, [](bool) {}};
  Operation finish_{*this, [](bool) {}};
};

}  // namespace syncline
// NOLINTEND(readability-identifier-naming)
