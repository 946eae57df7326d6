#include "chaos/strangers.hpp"

#include <arpa/inet.h>
#include <future>
#include <sys/socket.h>
#include <unistd.h>

#include "chaos/fleet_news.hpp"
#include "chaos/line_tail.hpp"
#include "syncline/random.hpp"

namespace syncline {
namespace {

/// What HTTP/2 begins with: behind it, bytes get further into the server.
constexpr std::string_view preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
constexpr std::uint64_t most_bytes = 60'000;
/// Exit statuses of `work` (docs/command-line.md).
constexpr int status_refused = 2, status_no_connection = 3;
/// Seconds after which a stranger that gets no connection ends.
constexpr const char* give_up = "2";

/// Connects to "127.0.0.1:port"; -1 if nobody is there.
int open_connection(const std::string& address) {
  sockaddr_in to = {};
  to.sin_family = AF_INET;
  to.sin_port =
      htons(static_cast<std::uint16_t>(std::stoi(address.substr(address.rfind(':') + 1))));
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (socket < 0) return -1;
  const timeval patience = {1, 0};  // a stopped server may leave us waiting
  setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  if (::connect(socket, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0) return socket;
  close(socket);
  return -1;
}

std::string random_bytes(std::uint64_t key) {
  DrawStream draws(Stream::clients, {key, 0, 0});
  std::string bytes(draws.below(most_bytes), '\0');
  for (char& byte : bytes) byte = static_cast<char>(draws.bits());
  if (draws.below(2) == 0) bytes.replace(0, std::min(preface.size(), bytes.size()), preface);
  return bytes;
}

}  // namespace

Strangers::Strangers(std::string program, std::filesystem::path folder, const DrillNetwork& network,
                     const DrillSecrets& secrets)
    : program_(std::move(program)),
      folder_(std::move(folder)),
      network_(network),
      secrets_(secrets) {}

Strangers::~Strangers() {
  for (const Connection& connection : connections_) close(connection.socket);
}

void Strangers::knock(const PlannedFault& fault) {
  switch (fault.stranger) {
    case StrangerKind::random_bytes:
    case StrangerKind::half_open:
      return connect(fault);
    case StrangerKind::wrong_token:
      return start(secrets_.words_with_other_token());
    case StrangerKind::expired_certificate:
      return start(secrets_.words_with_expired_certificate());
  }
}

void Strangers::connect(const PlannedFault& fault) {
  // A socket stays in the network in which it was made; this thread must not go there.
  const int socket = std::async(std::launch::async, [&] {
                       if (network_.server_network() >= 0) enter_network(network_.server_network());
                       return open_connection(network_.address_for_strangers());
                     }).get();
  if (socket < 0) {
    ++counts_.nobody_there;
    return;
  }
  ++counts_.connections;
  if (fault.stranger == StrangerKind::random_bytes) {
    const std::string bytes = random_bytes(fault.key);
    // What does not fit was refused: that is an answer, too.
    static_cast<void>(send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT));
  } else if (fault.key % 2 == 0) {
    static_cast<void>(
        send(socket, preface.data(), preface.size() / 2, MSG_NOSIGNAL | MSG_DONTWAIT));
  }
  connections_.push_back({socket, fault.time + fault.lasts});
}

void Strangers::start(const std::vector<std::string>& secrets) {
  std::vector<std::string> words = {program_, "work", "--give-up", give_up};
  const auto server = network_.stranger_words();
  words.insert(words.end(), server.begin(), server.end());
  words.insert(words.end(), secrets.begin(), secrets.end());
  const auto said = folder_ / ("stranger-" + std::to_string(started_++) + ".err");
  visitors_.push_back({std::make_unique<ChildProcess>(
                           ChildStart{words, "/dev/null", said, network_.server_network()}),
                       said});
}

void Strangers::poll(double time) {
  std::erase_if(connections_, [&](const Connection& connection) {
    if (connection.until > time) return false;
    close(connection.socket);
    return true;
  });
  std::erase_if(visitors_, [&](const Visitor& visitor) {
    if (!visitor.process->end()) return false;
    judge(visitor);
    return true;
  });
}

void Strangers::judge(const Visitor& visitor) {
  for (const std::string& line : LineTail(visitor.said).lines()) {
    const auto news = worker_news(line);
    if (news && news->kind == WorkerNews::Kind::joined) {
      ++counts_.let_in;
      return;
    }
  }
  const int status = visitor.process->end()->status;
  if (status == status_refused) {
    ++counts_.refused;
  } else if (status == status_no_connection) {
    ++counts_.shut_out;
  } else {
    ++counts_.odd;
  }
}

}  // namespace syncline
