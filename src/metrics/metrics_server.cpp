#include "metrics/metrics_server.hpp"

#include <atomic>
#include <cerrno>
#include <cstring>
#include <future>
#include <httplib.h>
#include <mutex>
#include <netdb.h>
#include <prometheus/text_serializer.h>
#include <thread>

#include "metrics/picture_families.hpp"
#include "syncline/error.hpp"

namespace syncline {
namespace {

constexpr std::size_t threads = 2;
constexpr std::time_t longest_silence = 1;  ///< of a client, in seconds
/// How long the end of a run waits for clients that are being answered.
constexpr std::chrono::seconds longest_end{3};

/// The library's own choice lets two processes share one port, without a word.
void one_owner(socket_t socket) {
  const int yes = 1;
  setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
}

/// Why nobody can listen at the host: errno says so only where there is such a host.
std::string trouble_with(const std::string& host) {
  const int error = errno;
  addrinfo* addresses = nullptr;
  const int unknown = getaddrinfo(host.c_str(), nullptr, nullptr, &addresses);
  if (unknown != 0) return gai_strerror(unknown);
  freeaddrinfo(addresses);
  return std::strerror(error);
}

}  // namespace

/// Lives as long as one of its threads.
struct MetricsServer::Parts {
  void answer(httplib::Response& response) {
    const std::lock_guard lock(mutex);
    if (!picture) {
      response.status = 503;
      return;
    }
    response.set_content(prometheus::TextSerializer().Serialize(picture_families(picture())),
                         "text/plain; version=0.0.4");
  }

  httplib::Server server;
  int port = -1;
  std::mutex mutex;
  std::function<RunPicture()> picture;  ///< empty once the run has ended
  std::atomic<bool> has_ended = false;
  std::promise<void> ended;
};

MetricsServer::MetricsServer(const std::string& host, std::uint16_t port,
                             std::function<RunPicture()> picture)
    : parts_(std::make_shared<Parts>()) {
  // To the library that is every address, which nobody has asked for.
  if (host.empty()) {
    throw ConfigError("--metrics-host must be an address of this machine; 0.0.0.0: all of them");
  }
  parts_->picture = std::move(picture);
  httplib::Server& server = parts_->server;
  server.set_socket_options(one_owner);
  server.new_task_queue = [] { return new httplib::ThreadPool(threads); };
  // A connection for each question, so that none outlives its answer.
  server.set_keep_alive_max_count(1);
  server.set_keep_alive_timeout(longest_silence);  // also until the first word
  server.set_read_timeout(longest_silence);
  server.set_write_timeout(longest_silence);
  // Before the body is awaited, which never comes of a question without its length.
  server.set_pre_routing_handler([](const httplib::Request& request, httplib::Response& response) {
    if (request.method == "GET" || request.method == "HEAD") {
      return httplib::Server::HandlerResponse::Unhandled;
    }
    response.status = 405;
    response.set_header("Allow", "GET, HEAD");
    return httplib::Server::HandlerResponse::Handled;
  });
  server.Get("/metrics",
             [parts = parts_.get()](const httplib::Request&, httplib::Response& response) {
               parts->answer(response);
             });
  parts_->port =
      port == 0 ? server.bind_to_any_port(host) : (server.bind_to_port(host, port) ? port : -1);
  if (parts_->port < 0) {
    throw ConfigError("--metrics-port: can't listen at " + host + ":" + std::to_string(port) +
                      " (" + trouble_with(host) +
                      "): take another port, or as --metrics-host an address of this machine");
  }
  std::thread([parts = parts_] {
    parts->server.listen_after_bind();
    parts->has_ended = true;
    parts->ended.set_value();
  }).detach();
  // Before it listens it could not be stopped.
  while (!server.is_running() && !parts_->has_ended) std::this_thread::yield();
}

MetricsServer::~MetricsServer() {
  {
    const std::lock_guard lock(parts_->mutex);
    parts_->picture = nullptr;
  }
  parts_->server.stop();
  // A client that keeps its connection busy can't keep the run from its end.
  parts_->ended.get_future().wait_for(longest_end);
}

std::uint16_t MetricsServer::port() const { return static_cast<std::uint16_t>(parts_->port); }

}  // namespace syncline
