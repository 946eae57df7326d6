#pragma once

#include <memory>
#include <string>

namespace syncline {

/// A gRPC server that sends back each ByteBuffer as it has come, and nothing else: what a transport
/// over gRPC is measured against. Default settings, plain text, one stream.
class BareEcho {
 public:
  BareEcho();
  ~BareEcho();
  [[nodiscard]] const std::string& address() const { return address_; }

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
  std::string address_;
};

/// Sends so many ByteBuffers of so many bytes to that server and waits for each to come back;
/// returns the seconds of the median one, without the first fifth of them.
[[nodiscard]] double bare_round_trip(const std::string& address, std::size_t bytes,
                                     int repetitions);

}  // namespace syncline
