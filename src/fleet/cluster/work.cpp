#include <condition_variable>
#include <mutex>
#include <thread>

#include "fleet/cluster/worker_session.hpp"

namespace syncline {
namespace {

/// How long to listen before looking up.
constexpr std::chrono::milliseconds look_up{100};

/// Says from time to time that this worker is alive, whatever else it does.
class Heart {
 public:
  Heart(WorkerTransport& transport, double every)
      : transport_(transport), every_(every), thread_([this] { beat(); }) {}
  ~Heart() {
    {
      const std::lock_guard lock(mutex_);
      closing_ = true;
    }
    changed_.notify_all();
    thread_.join();
  }
  Heart(const Heart&) = delete;
  Heart& operator=(const Heart&) = delete;

 private:
  void beat() {
    std::unique_lock lock(mutex_);
    while (!changed_.wait_for(lock, every_, [&] { return closing_; })) {
      transport_.send({encode(WorkerSays(Heartbeat{}))});
    }
  }

  WorkerTransport& transport_;
  std::chrono::duration<double> every_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool closing_ = false;
  std::thread thread_;
};

}  // namespace

std::string work(WorkerTransport& transport, const std::string& token,
                 const std::string& data_folder,
                 const std::function<void(const std::string&)>& news,
                 const std::function<bool()>& stop) {
  std::unique_ptr<Heart> heart;  // before the session, whose making may take long
  std::unique_ptr<WorkerSession> session;
  while (!stop()) {
    auto incoming = transport.receive(std::chrono::steady_clock::now() + look_up);
    if (session) session->check();
    if (!incoming) continue;
    if (incoming->kind == IncomingMessage::Kind::joined) {
      transport.send({encode(WorkerSays(Hello{protocol_version, token}))});
      continue;
    }
    if (incoming->kind == IncomingMessage::Kind::left) {
      news("the server is gone; waiting for it");
      session.reset();
      heart.reset();
      continue;
    }
    std::span<const std::byte> body;
    const ServerSays says = decode_from_server(incoming->bytes, body);
    if (const auto* refusal = std::get_if<Refusal>(&says)) {
      if (!refusal->try_again) {
        throw ConfigError("the server refuses this worker: " + refusal->reason);
      }
      news("the server has no place yet: " + refusal->reason);
      continue;
    }
    if (const auto* goodbye = std::get_if<Goodbye>(&says)) return goodbye->reason;
    if (const auto* welcome = std::get_if<Welcome>(&says)) {
      session.reset();
      if (!(welcome->heartbeat > 0.001 && welcome->heartbeat < 3600)) {
        throw MalformedMessage("the server wants a heartbeat every " +
                               std::to_string(welcome->heartbeat) + " s");
      }
      heart = std::make_unique<Heart>(transport, welcome->heartbeat);
      news("taking part as worker " + std::to_string(welcome->worker));
      session = make_worker_session(transport, *welcome, data_folder);
      continue;
    }
    if (!session) throw MalformedMessage("the server sent a job before its welcome");
    if (const auto* assignment = std::get_if<Assignment>(&says)) session->take(*assignment, body);
    if (const auto* cancel = std::get_if<CancelJob>(&says)) session->take(*cancel);
    if (const auto* stopped = std::get_if<StopJob>(&says)) session->take(*stopped);
  }
  return "stopped";
}

}  // namespace syncline
