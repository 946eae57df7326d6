#pragma once

#include <memory>

#include "chaos/proxy_pipe.hpp"

namespace syncline {

/// A worker's connection and the one to the server that belongs to it.
class ProxyConnection : public std::enable_shared_from_this<ProxyConnection> {
 public:
  ProxyConnection(boost::asio::ip::tcp::socket worker, ProxyLink& link)
      : worker_(std::move(worker)),
        server_(worker_.get_executor()),
        to_server_(worker_, server_, link, LinkWay::to_server),
        to_worker_(server_, worker_, link, LinkWay::to_worker) {}

  void begin(const boost::asio::ip::tcp::endpoint& server) {
    server_.async_connect(
        server, [this, self = shared_from_this()](const boost::system::error_code& error) {
          if (error) return reset();
          boost::system::error_code ignored;
          const boost::asio::ip::tcp::no_delay at_once(true);
          worker_.set_option(at_once, ignored);
          server_.set_option(at_once, ignored);
          to_server_.begin(self);
          to_worker_.begin(self);
        });
  }
  void pump() {
    to_server_.pump(shared_from_this());
    to_worker_.pump(shared_from_this());
  }
  void let_go() {
    to_server_.let_go();
    to_worker_.let_go();
    pump();
  }
  /// Ends both with a reset.
  void reset() {
    boost::system::error_code ignored;
    for (auto* socket : {&worker_, &server_}) {
      socket->set_option(boost::asio::socket_base::linger(true, 0), ignored);
      socket->close(ignored);
    }
  }

 private:
  boost::asio::ip::tcp::socket worker_, server_;
  ProxyPipe to_server_, to_worker_;
};

}  // namespace syncline
