#include <algorithm>
#include <deque>
#include <grpcpp/create_channel.h>
#include <mutex>
#include <random>

#include "transport/grpc/credentials.hpp"
#include "transport/grpc/library.hpp"
#include "transport/grpc/queued_call.hpp"
#include "transport/grpc/stream.hpp"
#include "transport/transport_error.hpp"

namespace syncline {
namespace {

using Clock = std::chrono::steady_clock;
using Kind = IncomingMessage::Kind;

class Call;

/// In which a cancelled call may end.
constexpr std::chrono::milliseconds a_moment{20};

/// What those who send, who wait and who stand in share.
struct Shared {
  struct Incoming {
    IncomingMessage message;
    std::shared_ptr<Call> call;  ///< that it came by
  };
  std::mutex mutex;
  std::deque<Incoming> inbox;
  std::shared_ptr<Call> call;  ///< until it is over
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
  }
};

/// One attempt to connect, and the connection that comes of it.
class Call final : public Stream<QueuedClientCall> {
 public:
  Call(std::shared_ptr<Shared> shared, const GrpcSettings& settings)
      : Stream(settings, settings.largest_message), shared_(std::move(shared)) {}

  void begin(std::shared_ptr<Call> self, const std::shared_ptr<grpc::Channel>& channel,
             Pump& pump) {
    self_ = std::move(self);
    StartCall(channel, connect_method, pump);
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
    // A call that is refused has metadata, too, but not these; nor has that of another program.
    if (!context_.GetServerInitialMetadata().contains(connected_key)) return end(true);
    {
      const std::lock_guard shared_lock(shared_->mutex);
      shared_->connected = true;
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
  }

 private:
  Landing landing_for(std::size_t length) override { return shared_->landings.ask(0, length); }
  void arrived(std::vector<std::byte> bytes, Landing landing) override {
    const std::lock_guard lock(shared_->mutex);
    // Who is refused is told so and no more, and is not to ask again all the time.
    if (++messages_ == 2) shared_->pause = {};
    shared_->put(Kind::message, self_, std::move(bytes), std::move(landing));
  }
  void progressed() override {
    const std::lock_guard lock(shared_->mutex);
    shared_->put(Kind::alive, self_);
  }
  void over(bool at_once, const Fault&) override {
    if (at_once) context_.TryCancel();
    RemoveHold();
  }

  std::shared_ptr<Shared> shared_;
  std::shared_ptr<Call> self_;  ///< until gRPC is done with it
  std::uint64_t messages_ = 0;  ///< that have come
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
    if (const auto call = present_call()) call->cancel();
    // A cancelled call is over in a moment.
    while (present_call()) pump_.turn(Clock::now() + a_moment, [] { return false; });
    const std::lock_guard lock(shared_->mutex);
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
    for (;;) {
      if (auto message = take()) return message;
      const auto now = Clock::now();
      const auto wake = std::min(deadline, see_to_connection(now));
      if (now >= deadline) return std::nullopt;
      pump_.turn(wake, [this] { return has_mail(); });
    }
  }

  void land_at(LandingFor landing_for) override { shared_->landings.set(std::move(landing_for)); }
  void reconnect() override {
    if (const auto call = present_call()) call->cancel();
  }

  [[nodiscard]] std::string trouble() const override {
    const std::lock_guard lock(shared_->mutex);
    return shared_->connected ? "" : shared_->last_error;
  }

 private:
  [[nodiscard]] std::shared_ptr<Call> present_call() const {
    const std::lock_guard lock(shared_->mutex);
    return shared_->call;
  }
  [[nodiscard]] bool has_mail() const {
    const std::lock_guard lock(shared_->mutex);
    return !shared_->inbox.empty();
  }
  std::optional<IncomingMessage> take() {
    std::unique_lock lock(shared_->mutex);
    if (shared_->inbox.empty()) return std::nullopt;
    Shared::Incoming incoming = std::move(shared_->inbox.front());
    shared_->inbox.pop_front();
    lock.unlock();
    if (incoming.message.kind == Kind::message) incoming.call->delivered(incoming.message);
    return std::move(incoming.message);
  }
  /// Attempts to connect if it is time to; returns when to look again.
  Clock::time_point see_to_connection(Clock::time_point now) {
    const std::lock_guard lock(shared_->mutex);
    if (!shared_->call && now >= shared_->next_attempt) attempt();
    auto wake = shared_->call ? Clock::time_point::max() : shared_->next_attempt;
    if (!shared_->connected && settings_.give_up) {
      const auto limit = shared_->alone_since + *settings_.give_up;
      if (now >= limit) {
        throw TransportError("no connection to the server at " + address_ + ": " +
                             shared_->last_error);
      }
      wake = std::min(wake, limit);
    }
    return wake;
  }

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
    shared_->call = std::make_shared<Call>(shared_, settings_);
    auto& pause = shared_->pause;
    pause = std::clamp(2 * pause, settings_.first_pause, settings_.longest_pause);
    // Workers that have lost their server together are not to come back all at once.
    shared_->next_attempt =
        Clock::now() + std::chrono::duration_cast<Clock::duration>(spread_(random_) * pause);
    shared_->call->begin(shared_->call, channel, pump_);
  }

  const std::string address_;
  const GrpcSettings settings_;
  const std::shared_ptr<grpc::ChannelCredentials> credentials_;
  Pump pump_{std::make_unique<grpc::CompletionQueue>(), 1};
  std::shared_ptr<Shared> shared_ = std::make_shared<Shared>();
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
