#pragma once

#include <list>
#include <memory>
#include <utility>  // Boost 1.74 forgets to include it
#include <vector>

#include <boost/asio.hpp>

#include "chaos/link_proxy.hpp"
#include "chaos/step_watch.hpp"
#include "syncline/random.hpp"

namespace syncline {

/// What a link does to bytes of one direction.
struct LinkState {
  double delay = 0;  ///< seconds
  bool held = false;
  bool stopped = false;       ///< at a step, for the moment
  std::uint32_t to_flip = 0;  ///< bytes that are still to be struck
  std::uint64_t key = 0;      ///< of the draws
};

class ProxyConnection;

/// The way of one worker to the server: listens, and makes a connection to the server for each that
/// comes. Everything happens in the thread of the context.
class ProxyLink {
 public:
  /// `number`: of the link. `watch`: told of messages, or none; must outlive this.
  ProxyLink(boost::asio::io_context& context, const boost::asio::ip::address& host,
            std::uint32_t number, StepWatch* watch);

  [[nodiscard]] std::uint16_t port() const { return acceptor_.local_endpoint().port(); }
  void lead_to(const boost::asio::ip::tcp::endpoint& server) { server_ = server; }
  /// By direction: 0 to the server, 1 to the worker.
  [[nodiscard]] LinkState& state(int direction) { return states_[direction]; }
  /// Held connections go on, if they may.
  void changed();
  void cut();
  /// What was stopped at a step goes on, as the link is by now.
  void let_go();
  [[nodiscard]] LinkCounts& counts() { return counts_; }
  [[nodiscard]] std::uint32_t number() const { return number_; }
  [[nodiscard]] StepWatch* watch() const { return watch_; }

 private:
  void accept();

  boost::asio::ip::tcp::acceptor acceptor_;
  boost::asio::ip::tcp::endpoint server_;
  std::uint32_t number_;
  StepWatch* watch_;
  LinkState states_[2];
  LinkCounts counts_;
  std::list<std::weak_ptr<ProxyConnection>> connections_;
};

}  // namespace syncline
