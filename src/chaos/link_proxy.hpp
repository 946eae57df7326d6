#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "chaos/protocol_message.hpp"

namespace syncline {

/// How many bytes and connections a link has carried.
struct LinkCounts {
  std::uint64_t connections = 0;
  std::uint64_t bytes = 0;    ///< passed on, both ways
  std::uint64_t flipped = 0;  ///< of these, struck by corrupt()
};

/// How many messages of each kind have begun to pass, by protocol_messages().
using PassedMessages = std::array<std::uint64_t, protocol_message_count>;

/// A TCP proxy on a thread of its own, with one link for each worker: a port that the worker takes
/// for the server's, and whose connections can be delayed, held up, damaged and cut. All functions
/// are for one thread, and wait until the proxy has obeyed.
class LinkProxy {
 public:
  /// `links` ports at `host`, an address; `begin` is called first in the proxy's thread.
  /// `read_messages`: what passes is the protocol in plain text, and is read. Throws DataError
  /// where it can't listen.
  LinkProxy(
      const std::string& host, std::uint32_t links, const std::function<void()>& begin = [] {},
      bool read_messages = false);
  ~LinkProxy();
  LinkProxy(const LinkProxy&) = delete;
  LinkProxy& operator=(const LinkProxy&) = delete;

  /// Where connections lead from now on: "127.0.0.1:5000".
  void lead_to(const std::string& address);
  [[nodiscard]] std::uint16_t port(std::uint32_t link) const;

  /// Bytes take so many seconds longer, each way; 0: no longer. What has been read already keeps
  /// its time, so order is kept.
  void delay(std::uint32_t link, double seconds);
  /// A partition: nothing passes that way, neither bytes nor the end of a connection. As TCP does
  /// after one, it all passes once the link is mended, if the ends still want it.
  void hold(std::uint32_t link, LinkWay way);
  void mend(std::uint32_t link);
  /// Flips one bit in each of so many bytes that pass next, some of what is read at once apart;
  /// which, is drawn by `key`.
  void corrupt(std::uint32_t link, LinkWay way, std::uint32_t bytes, std::uint64_t key);
  /// Resets the connections that there are.
  void cut(std::uint32_t link);

  // With `read_messages`:

  /// The next message of the step, on any link, stops that way of its link there until let_go().
  void catch_at(const ProtocolStep& step);
  /// Nothing is to be caught any more; what was caught by now goes on.
  void catch_nothing();
  /// The link on which it was caught.
  [[nodiscard]] std::optional<std::uint32_t> caught() const;
  /// What was stopped goes on, later if its link is slow by now.
  void let_go();
  [[nodiscard]] PassedMessages passed() const;

  [[nodiscard]] LinkCounts counts(std::uint32_t link) const;

 private:
  class Work;
  std::unique_ptr<Work> work_;
};

}  // namespace syncline
