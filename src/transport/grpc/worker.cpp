#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <deque>
#include <grpcpp/create_channel.h>
#include <grpcpp/generic/generic_stub.h>
#include <mutex>
#include <random>

#include "transport/grpc/credentials.hpp"
#include "transport/grpc/library.hpp"
#include "transport/grpc/stream.hpp"
#include "transport/transport_error.hpp"
#include "transport/watch.hpp"

namespace syncline {
namespace {

using Clock = std::chrono::steady_clock;
using Kind = IncomingMessage::Kind;

class Call;

/// How often a long message on its way is news.
constexpr std::chrono::milliseconds news_of_progress{50};

/// What the worker's threads and gRPC's share.
struct Shared {
  struct Incoming {
    IncomingMessage message;
    std::shared_ptr<Call> call;  ///< that it came by
  };
  std::mutex mutex;
  std::condition_variable changed;
  std::deque<Incoming> inbox;
  std::atomic<bool> has_mail{false};  ///< the inbox is not empty; may be read without the lock
  std::shared_ptr<Call> call;         ///< until it is over
  bool connected = false;
  std::string last_error = "no answer yet";
  Clock::time_point alone_since = Clock::now();
  Clock::time_point next_attempt;
  std::chrono::milliseconds pause{0};
  Landings landings;

  /// Under the lock.
  void put(Kind kind, std::shared_ptr<Call> by, std::vector<std::byte> bytes = {},
           Landing landing = {}) {
    inbox.push_back({{kind, 0, Clock::now(), std::move(bytes), std::move(landing)}, std::move(by)});
    has_mail = true;
    changed.notify_all();
  }
};

using ClientReactor = grpc::ClientBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>;

/// One attempt to connect, and the connection that comes of it.
class Call final : public Stream<ClientReactor> {
 public:
  Call(std::shared_ptr<Shared> shared, const std::shared_ptr<grpc::Channel>& channel,
       const GrpcSettings& settings)
      : Stream(settings), shared_(std::move(shared)), stub_(channel) {}

  void begin(std::shared_ptr<Call> self) {
    self_ = std::move(self);
    stub_.PrepareBidiStreamingCall(&context_, connect_method, {}, this);
    AddHold();  // messages are sent from outside the reactions
    StartCall();
  }
  /// Ends the call, even if it has ended but waits for somebody to read the rest.
  void cancel() {
    abort();
    context_.TryCancel();
  }
  void OnReadInitialMetadataDone(bool ok) override {
    const std::lock_guard lock(mutex_);
    if (ended()) return;
    if (!ok) return end(false);
    {
      const std::lock_guard shared_lock(shared_->mutex);
      shared_->connected = true;
      shared_->pause = {};
      shared_->put(Kind::joined, self_);
    }
    read();
  }
  void OnDone(const grpc::Status& status) override {
    const std::shared_ptr<Call> self = std::move(self_);
    const std::lock_guard lock(shared_->mutex);
    shared_->last_error = status.error_message().empty() ? "the server has ended the connection"
                                                         : status.error_message();
    if (shared_->connected) {
      shared_->put(Kind::left, self);
      shared_->alone_since = Clock::now();
    }
    shared_->connected = false;
    shared_->call.reset();
    shared_->changed.notify_all();
  }

 private:
  Landing landing_for(std::size_t length) override { return shared_->landings.ask(0, length); }
  void arrived(std::vector<std::byte> bytes, Landing landing) override {
    const std::lock_guard lock(shared_->mutex);
    shared_->put(Kind::message, self_, std::move(bytes), std::move(landing));
  }
  void progressed() override {
    const auto now = Clock::now();
    if (now - last_news_ < news_of_progress) return;
    last_news_ = now;
    const std::lock_guard lock(shared_->mutex);
    shared_->put(Kind::alive, self_);
  }
  void over(bool at_once) override {
    if (at_once) context_.TryCancel();
    RemoveHold();
  }

  std::shared_ptr<Shared> shared_;
  grpc::GenericStub stub_;
  grpc::ClientContext context_;
  std::shared_ptr<Call> self_;  ///< until gRPC is done with it
  Clock::time_point last_news_;
};

class GrpcWorker final : public WorkerTransport {
 public:
  GrpcWorker(std::string address, const GrpcSettings& settings)
      : address_(std::move(address)),
        settings_(settings),
        credentials_(worker_credentials(address_, settings)) {
    const std::lock_guard lock(shared_->mutex);
    attempt();
  }
  ~GrpcWorker() override {
    std::unique_lock lock(shared_->mutex);
    if (const auto call = shared_->call) {
      lock.unlock();
      call->cancel();
      lock.lock();
    }
    // A cancelled call is over in a moment; gRPC must not be at work when the process ends.
    shared_->changed.wait(lock, [&] { return !shared_->call; });
    shared_->inbox.clear();
  }
  GrpcWorker(const GrpcWorker&) = delete;
  GrpcWorker& operator=(const GrpcWorker&) = delete;

  void send(OutgoingMessage message) override {
    std::shared_ptr<Call> call;
    {
      const std::lock_guard lock(shared_->mutex);
      if (shared_->connected) call = shared_->call;
    }
    if (call) call->send(std::move(message));
  }

  std::optional<IncomingMessage> receive(Clock::time_point deadline) override {
    if (deadline > Clock::now()) watch_.look([&] { return shared_->has_mail.load(); });
    std::unique_lock lock(shared_->mutex);
    for (;;) {
      if (!shared_->inbox.empty()) {
        Shared::Incoming incoming = std::move(shared_->inbox.front());
        shared_->inbox.pop_front();
        shared_->has_mail = !shared_->inbox.empty();
        watch_.came();
        lock.unlock();
        if (incoming.message.kind == Kind::message) {
          incoming.call->delivered(incoming.message);
        }
        return std::move(incoming.message);
      }
      const auto now = Clock::now();
      if (!shared_->call && now >= shared_->next_attempt) attempt();
      auto wake = deadline;
      if (!shared_->call) wake = std::min(wake, shared_->next_attempt);
      if (!shared_->connected && settings_.give_up) {
        const auto limit = shared_->alone_since + *settings_.give_up;
        if (now >= limit) {
          throw TransportError("no connection to the server at " + address_ + ": " +
                               shared_->last_error);
        }
        wake = std::min(wake, limit);
      }
      if (now >= deadline) return std::nullopt;
      shared_->changed.wait_until(lock, wake);
    }
  }

  void land_at(LandingFor landing_for) override { shared_->landings.set(std::move(landing_for)); }
  void reconnect() override {
    std::shared_ptr<Call> call;
    {
      const std::lock_guard lock(shared_->mutex);
      call = shared_->call;
    }
    if (call) call->cancel();
  }

  [[nodiscard]] std::string trouble() const override {
    const std::lock_guard lock(shared_->mutex);
    return shared_->connected ? "" : shared_->last_error;
  }

 private:
  /// Under the lock. Each attempt has a channel of its own, so that the pauses are ours and not
  /// those of gRPC.
  void attempt() {
    grpc::ChannelArguments arguments;
    arguments.SetMaxReceiveMessageSize(2 * static_cast<int>(largest_fragment));
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
    arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, static_cast<int>(settings_.keepalive.count()));
    arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS,
                     static_cast<int>(settings_.keepalive_timeout.count()));
    arguments.SetInt(GRPC_ARG_HTTP2_MAX_PINGS_WITHOUT_DATA, 0);
    // The time that an attempt to connect may take is the least pause between gRPC's own ones.
    const auto longest = static_cast<int>(settings_.longest_pause.count());
    arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, longest);
    arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, longest);

    const auto channel = grpc::CreateCustomChannel(address_, credentials_, arguments);
    shared_->call = std::make_shared<Call>(shared_, channel, settings_);
    auto& pause = shared_->pause;
    pause = std::clamp(2 * pause, settings_.first_pause, settings_.longest_pause);
    // Workers that have lost their server together are not to come back all at once.
    shared_->next_attempt =
        Clock::now() + std::chrono::duration_cast<Clock::duration>(spread_(random_) * pause);
    shared_->call->begin(shared_->call);
  }

  const std::string address_;
  const GrpcSettings settings_;
  const std::shared_ptr<grpc::ChannelCredentials> credentials_;
  std::shared_ptr<Shared> shared_ = std::make_shared<Shared>();
  Watch watch_;
  std::minstd_rand random_{std::random_device{}()};
  std::uniform_real_distribution<double> spread_{0.5, 1.5};
};

}  // namespace

std::unique_ptr<WorkerTransport> grpc_connect(const std::string& address,
                                              const GrpcSettings& settings) {
  prepare_grpc();
  return std::make_unique<GrpcWorker>(address, settings);
}

}  // namespace syncline
