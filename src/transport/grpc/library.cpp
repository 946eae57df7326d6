#include "transport/grpc/library.hpp"

#include <algorithm>
#include <cstdlib>
#include <grpc/support/log.h>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace syncline {
namespace {

constexpr std::string_view failed_handshake = "Handshaking failed: ";

struct Watches {
  std::mutex mutex;
  std::vector<const std::function<void(Fault)>*> all;
};

Watches& watches() {
  static Watches here;
  return here;
}

/// What OpenSSL says, out of all that gRPC wraps around it.
std::string reason_in(std::string_view text) {
  text = text.substr(0, text.find(" {"));
  if (const auto at = text.rfind("::"); at != std::string_view::npos) {
    return std::string(text.substr(at + 2));
  }
  return "the other end broke it off";
}

void take_log(gpr_log_func_args* args) {
  const std::string_view text = args->message;
  if (!text.starts_with(failed_handshake)) return;
  const Fault fault = {"TLS handshake", "a TLS handshake: " + reason_in(text)};
  const std::lock_guard lock(watches().mutex);
  for (const auto* failed : watches().all) (*failed)(fault);
}

}  // namespace

void prepare_grpc() {
  [[maybe_unused]] static const bool done = [] {
    if (std::getenv("GRPC_VERBOSITY") != nullptr) return false;
    gpr_set_log_function(take_log);
    gpr_set_log_verbosity(GPR_LOG_SEVERITY_DEBUG);  // handshakes are among the least
    return true;
  }();
}

HandshakeWatch::HandshakeWatch(std::function<void(Fault)> failed) : failed_(std::move(failed)) {
  const std::lock_guard lock(watches().mutex);
  watches().all.push_back(&failed_);
}

HandshakeWatch::~HandshakeWatch() {
  const std::lock_guard lock(watches().mutex);
  std::erase(watches().all, &failed_);
}

}  // namespace syncline
