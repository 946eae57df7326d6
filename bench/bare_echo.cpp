#include "bare_echo.hpp"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <grpcpp/create_channel.h>
#include <grpcpp/generic/async_generic_service.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>
#include <mutex>
#include <vector>

#include "cycles.hpp"

// gRPC names its reactions.
// NOLINTBEGIN(readability-identifier-naming)
namespace syncline {
namespace {

using Clock = std::chrono::steady_clock;

class EchoStream final : public grpc::ServerGenericBidiReactor {
 public:
  EchoStream() { StartRead(&buffer_); }
  void OnReadDone(bool ok) override {
    if (!ok) return Finish(grpc::Status::OK);
    StartWrite(&buffer_);
  }
  void OnWriteDone(bool ok) override {
    if (!ok) return Finish(grpc::Status::OK);
    StartRead(&buffer_);
  }
  void OnDone() override { delete this; }

 private:
  grpc::ByteBuffer buffer_;
};

class EchoService final : public grpc::CallbackGenericService {
 public:
  grpc::ServerGenericBidiReactor* CreateReactor(grpc::GenericCallbackServerContext*) override {
    return new EchoStream;
  }
};

class Caller final : public grpc::ClientBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer> {
 public:
  Caller(const std::shared_ptr<grpc::Channel>& channel, std::size_t bytes, int repetitions)
      : stub_(channel), numbers_(bytes), repetitions_(repetitions) {
    stub_.PrepareBidiStreamingCall(&context_, "/bare/Echo", {}, this);
    send();
    StartCall();
  }
  void OnReadDone(bool ok) override { half_done(ok); }
  void OnWriteDone(bool ok) override { half_done(ok); }
  void OnDone(const grpc::Status&) override {
    const std::lock_guard lock(mutex_);
    over_ = true;
    changed_.notify_all();
  }
  double wait() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return over_; });
    times_.erase(times_.begin(), times_.begin() + static_cast<std::ptrdiff_t>(times_.size() / 5));
    return median(times_);
  }

 private:
  void send() {
    const grpc::Slice slice(numbers_.data(), numbers_.size(), grpc::Slice::STATIC_SLICE);
    out_ = grpc::ByteBuffer(&slice, 1);
    halves_ = 0;
    begin_ = Clock::now();
    StartRead(&in_);
    StartWrite(&out_);
  }
  /// An echo has come, or what was sent has gone out: the second of both begins the next round.
  void half_done(bool ok) {
    if (!ok || ++halves_ < 2) return;
    times_.push_back(std::chrono::duration<double>(Clock::now() - begin_).count());
    if (static_cast<int>(times_.size()) == repetitions_) return StartWritesDone();
    send();
  }

  grpc::GenericStub stub_;
  grpc::ClientContext context_;
  std::vector<char> numbers_;
  int repetitions_;
  grpc::ByteBuffer in_, out_;
  Clock::time_point begin_;
  std::vector<double> times_;
  std::atomic<int> halves_{0};
  std::mutex mutex_;
  std::condition_variable changed_;
  bool over_ = false;
};

}  // namespace

struct BareEcho::Parts {
  EchoService service;
  std::unique_ptr<grpc::Server> server;
};

BareEcho::BareEcho() : parts_(std::make_unique<Parts>()) {
  grpc::ServerBuilder builder;
  int port = 0;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
  builder.RegisterCallbackGenericService(&parts_->service);
  builder.SetMaxReceiveMessageSize(-1);
  parts_->server = builder.BuildAndStart();
  address_ = "127.0.0.1:" + std::to_string(port);
}

BareEcho::~BareEcho() { parts_->server->Shutdown(std::chrono::system_clock::now()); }

double bare_round_trip(const std::string& address, std::size_t bytes, int repetitions) {
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(-1);
  Caller caller(grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), arguments),
                bytes, repetitions);
  return caller.wait();
}

}  // namespace syncline
// NOLINTEND(readability-identifier-naming)
