#include "fleet/cluster/work.hpp"

#include <atomic>
#include <exception>
#include <mutex>
#include <thread>

#include "fleet/cluster/worker_machine.hpp"
#include "fleet/shards/sharded_transport.hpp"
#include "fleet/threads/worker_threads.hpp"
#include "fleet/worker/worker_parts.hpp"

namespace syncline {
namespace {

/// How long to listen before looking up.
constexpr std::chrono::milliseconds listening{100};
/// How long the sender waits before it looks whether it is to end.
constexpr std::chrono::milliseconds sending{50};

/// What went wrong at another thread.
class Failure {
 public:
  void set(std::exception_ptr failure) {
    const std::lock_guard lock(mutex_);
    failure_ = std::move(failure);
  }
  void check() {
    const std::lock_guard lock(mutex_);
    if (failure_) std::rethrow_exception(failure_);
  }

 private:
  std::mutex mutex_;
  std::exception_ptr failure_;
};

/// A thread that passes on what comes of a session's jobs.
class Sender final : public Pulse {
 public:
  Sender(WorkerSession& session, Failure& failure)
      : session_(session), failure_(failure), thread_([this] { send(); }) {}
  ~Sender() override {
    closing_ = true;
    thread_.join();
  }

 private:
  void send() {
    try {
      while (!closing_) session_.pass_on(std::chrono::steady_clock::now() + sending);
    } catch (...) {
      failure_.set(std::current_exception());
    }
  }

  WorkerSession& session_;
  Failure& failure_;
  std::atomic<bool> closing_{false};
  std::thread thread_;
};

class ThreadWorkshop final : public Workshop {
 public:
  std::unique_ptr<WorkerPort<float>> open(Bench<float> bench) override {
    return thread_at(std::move(bench));
  }
  std::unique_ptr<WorkerPort<double>> open(Bench<double> bench) override {
    return thread_at(std::move(bench));
  }
  std::unique_ptr<Pulse> follow(WorkerSession& session) override {
    return std::make_unique<Sender>(session, failure_);
  }
  /// Rethrows what went wrong at the threads.
  void check() { failure_.check(); }

 private:
  template <class Real>
  static std::unique_ptr<WorkerPort<Real>> thread_at(Bench<Real> bench) {
    const RunConfig& config = bench.config;
    return std::make_unique<WorkerThreads<Real>>(bench.workload, std::move(bench.runner),
                                                 bench.worker, 1, pieces_of_gradient(config),
                                                 injected_delay(config), config.seed);
  }

  Failure failure_;
};

/// Says why there is no connection, once for each reason.
class Trouble {
 public:
  explicit Trouble(const std::function<void(const std::string&)>& news) : news_(news) {}
  void look_at(const WorkerTransport& transport) {
    std::string trouble = transport.trouble();
    if (trouble == told_) return;
    told_ = std::move(trouble);
    if (!told_.empty()) news_("no connection to the server: " + told_);
  }

 private:
  const std::function<void(const std::string&)>& news_;
  std::string told_;
};

std::string work_over(WorkerTransport& transport, const std::string& token,
                      const std::string& data_folder,
                      const std::function<void(const std::string&)>& news,
                      const std::function<bool()>& stop) {
  ThreadWorkshop workshop;
  WorkerMachine machine(transport, workshop, token, data_folder, news);
  Trouble trouble(news);
  while (!stop()) {
    const auto incoming = transport.receive(transport.now() + listening);
    workshop.check();
    if (incoming) {
      machine.take(*incoming);
    } else {
      machine.look_up();
      trouble.look_at(transport);
    }
    if (machine.welcomed()) machine.prepare();
    if (machine.ending()) return *machine.ending();
  }
  return "stopped";
}

}  // namespace

std::string work(WorkerTransport& transport, const std::string& token,
                 const std::string& data_folder,
                 const std::function<void(const std::string&)>& news,
                 const std::function<bool()>& stop, const DialShard& dial) {
  const auto sharded = dial ? make_sharded_transport(transport, dial, token) : nullptr;
  return work_over(sharded ? *sharded : transport, token, data_folder, news, stop);
}

}  // namespace syncline
