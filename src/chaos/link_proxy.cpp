#include "chaos/link_proxy.hpp"

#include <future>
#include <thread>
#include <utility>  // Boost 1.74 forgets to include it

#include <boost/asio/packaged_task.hpp>

#include "chaos/proxy_connection.hpp"
#include "syncline/error.hpp"

namespace syncline {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

ProxyLink::ProxyLink(asio::io_context& context, const asio::ip::address& host, std::uint32_t number,
                     StepWatch* watch)
    : acceptor_(context, tcp::endpoint(host, 0)), number_(number), watch_(watch) {
  accept();
}

void ProxyLink::accept() {
  acceptor_.async_accept([this](const error_code& error, tcp::socket socket) {
    if (error == asio::error::operation_aborted) return;
    if (!error) {
      ++counts_.connections;
      std::erase_if(connections_, [](const auto& old) { return old.expired(); });
      const auto connection = std::make_shared<ProxyConnection>(std::move(socket), *this);
      connections_.push_back(connection);
      connection->begin(server_);
    }
    accept();
  });
}

void ProxyLink::changed() {
  for (const auto& weak : connections_) {
    if (const auto connection = weak.lock()) connection->pump();
  }
}

void ProxyLink::let_go() {
  for (LinkState& state : states_) state.stopped = false;
  for (const auto& weak : connections_) {
    if (const auto connection = weak.lock()) connection->let_go();
  }
}

void ProxyLink::cut() {
  for (const auto& weak : connections_) {
    if (const auto connection = weak.lock()) connection->reset();
  }
}

/// The thread, and what lives in it.
class LinkProxy::Work {
 public:
  Work(const std::string& host, std::uint32_t links, const std::function<void()>& begin,
       bool read_messages) {
    std::promise<void> promise;
    auto known = promise.get_future();
    StepWatch* const watch = read_messages ? &watch_ : nullptr;
    thread_ =
        std::thread([&host, links, &begin, watch, ready = std::move(promise), this]() mutable {
          try {
            begin();
            const auto address = asio::ip::make_address(host);
            for (std::uint32_t i = 0; i < links; ++i) {
              links_.push_back(std::make_unique<ProxyLink>(context_, address, i, watch));
            }
          } catch (...) {
            ready.set_exception(std::current_exception());
            return;
          }
          const auto more = asio::make_work_guard(context_);
          ready.set_value();  // from here on nothing of the constructor may be used
          context_.run();
        });
    try {
      known.get();
    } catch (const boost::system::system_error& error) {
      thread_.join();
      throw DataError(std::string("the proxy can't listen at ") + host + ": " + error.what());
    } catch (...) {
      thread_.join();
      throw;
    }
  }
  ~Work() {
    context_.stop();
    thread_.join();
  }
  Work(const Work&) = delete;
  Work& operator=(const Work&) = delete;

  /// Calls it in the proxy's thread and waits for it.
  template <class Function>
  void run(std::uint32_t link, Function function) {
    asio::post(context_, std::packaged_task<void()>([&] { function(*links_.at(link)); })).get();
  }
  template <class Function>
  void look(Function function) {
    asio::post(context_, std::packaged_task<void()>([&] { function(watch_); })).get();
  }
  [[nodiscard]] std::uint32_t count() const { return static_cast<std::uint32_t>(links_.size()); }

 private:
  asio::io_context context_{1};
  StepWatch watch_;
  std::vector<std::unique_ptr<ProxyLink>> links_;  ///< before what the context still holds of them
  std::thread thread_;
};

LinkProxy::LinkProxy(const std::string& host, std::uint32_t links,
                     const std::function<void()>& begin, bool read_messages)
    : work_(std::make_unique<Work>(host, links, begin, read_messages)) {}
LinkProxy::~LinkProxy() = default;

void LinkProxy::lead_to(const std::string& address) {
  const auto colon = address.rfind(':');
  error_code error;
  const auto host = asio::ip::make_address(address.substr(0, colon), error);
  if (error || colon == std::string::npos) {
    throw ConfigError("a proxy leads to an address and a port, not to '" + address + "'");
  }
  const tcp::endpoint server(host,
                             static_cast<std::uint16_t>(std::stoi(address.substr(colon + 1))));
  for (std::uint32_t i = 0; i < work_->count(); ++i) {
    work_->run(i, [&](ProxyLink& link) { link.lead_to(server); });
  }
}

std::uint16_t LinkProxy::port(std::uint32_t link) const {
  std::uint16_t port = 0;
  work_->run(link, [&](ProxyLink& the) { port = the.port(); });
  return port;
}

void LinkProxy::delay(std::uint32_t link, double seconds) {
  work_->run(link, [&](ProxyLink& the) {
    for (const int direction : {0, 1}) the.state(direction).delay = seconds;
  });
}

void LinkProxy::hold(std::uint32_t link, LinkWay way) {
  work_->run(link, [&](ProxyLink& the) {
    if (way != LinkWay::to_worker) the.state(0).held = true;
    if (way != LinkWay::to_server) the.state(1).held = true;
  });
}

void LinkProxy::mend(std::uint32_t link) {
  work_->run(link, [&](ProxyLink& the) {
    for (const int direction : {0, 1}) the.state(direction).held = false;
    the.changed();
  });
}

void LinkProxy::corrupt(std::uint32_t link, LinkWay way, std::uint32_t bytes, std::uint64_t key) {
  work_->run(link, [&](ProxyLink& the) {
    for (const int direction : {0, 1}) {
      if (way == (direction == 0 ? LinkWay::to_worker : LinkWay::to_server)) continue;
      the.state(direction).to_flip = bytes;
      the.state(direction).key = key + static_cast<std::uint64_t>(direction);
    }
  });
}

void LinkProxy::cut(std::uint32_t link) {
  work_->run(link, [](ProxyLink& the) { the.cut(); });
}

void LinkProxy::catch_at(const ProtocolStep& step) {
  work_->look([&](StepWatch& watch) { watch.catch_at(step); });
}

void LinkProxy::catch_nothing() {
  work_->look([](StepWatch& watch) { watch.catch_nothing(); });
  let_go();
}

std::optional<std::uint32_t> LinkProxy::caught() const {
  std::optional<std::uint32_t> caught;
  work_->look([&](const StepWatch& watch) { caught = watch.caught(); });
  return caught;
}

void LinkProxy::let_go() {
  const auto link = caught();
  if (!link) return;
  work_->look([](StepWatch& watch) { watch.let_go(); });
  work_->run(*link, [](ProxyLink& the) { the.let_go(); });
}

PassedMessages LinkProxy::passed() const {
  PassedMessages passed = {};
  work_->look([&](const StepWatch& watch) { passed = watch.passed(); });
  return passed;
}

LinkCounts LinkProxy::counts(std::uint32_t link) const {
  LinkCounts counts;
  work_->run(link, [&](ProxyLink& the) { counts = the.counts(); });
  return counts;
}

}  // namespace syncline
