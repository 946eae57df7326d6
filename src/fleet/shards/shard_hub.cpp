#include "fleet/shards/shard_hub.hpp"

#include <algorithm>
#include <chrono>
#include <cstring>

#include "transport/transport_error.hpp"

namespace syncline {
namespace {

/// How long a shard may take to be there, model and data loaded.
constexpr std::chrono::minutes longest_start{10};
/// How long a thread listens before it looks whether it is to end.
constexpr std::chrono::milliseconds listening{50};

}  // namespace

ShardHub::ShardHub(std::vector<ShardWay> ways, const std::string& token, std::uint64_t incarnation,
                   const std::string& config, const std::vector<std::size_t>& lengths)
    : token_(token),
      config_(config),
      incarnation_(incarnation),
      lengths_(lengths),
      links_(ways.size()) {
  for (std::uint32_t shard = 0; shard < ways.size(); ++shard) {
    links_[shard].address = std::move(ways[shard].address);
    links_[shard].transport = std::move(ways[shard].transport);
  }
  for (std::uint32_t shard = 0; shard < ways.size(); ++shard) {
    links_[shard].thread = std::thread([this, shard] { listen(shard); });
  }
  std::unique_lock lock(mutex_);
  const bool ready = changed_.wait_for(lock, longest_start, [&] {
    return !failure_.empty() ||
           std::all_of(links_.begin(), links_.end(), [](const Link& link) { return link.ready; });
  });
  if (!ready) failure_ = "not all shards were ready in time";
  if (failure_.empty()) return;
  const std::string why = failure_;
  closing_ = true;
  lock.unlock();
  for (Link& link : links_) link.thread.join();
  throw TransportError(why);
}

ShardHub::~ShardHub() {
  {
    const std::lock_guard lock(mutex_);
    closing_ = true;
  }
  for (Link& link : links_) link.thread.join();
}

std::string ShardHub::addresses() const {
  std::string all;
  for (const Link& link : links_) all += (all.empty() ? "" : ",") + link.address;
  return all;
}

void ShardHub::check() {
  const std::lock_guard lock(mutex_);
  check_locked();
}

void ShardHub::check_locked() const {
  if (!failure_.empty()) throw TransportError(failure_);
}

void ShardHub::tell(const ToShard& order) {
  for (std::uint32_t shard = 0; shard < links_.size(); ++shard) tell(shard, order);
}

void ShardHub::tell(std::uint32_t shard, const ToShard& order, std::span<const std::byte> body) {
  check();
  OutgoingMessage message{encode_message(order)};
  message.head.insert(message.head.end(), body.begin(), body.end());
  links_[shard].transport->send(std::move(message));
}

ShardHub::Answer ShardHub::answer(std::uint32_t shard) {
  std::unique_lock lock(mutex_);
  auto& answers = links_[shard].answers;
  changed_.wait(lock, [&] { return !answers.empty() || !failure_.empty(); });
  check_locked();
  Answer answer = std::move(answers.front());
  answers.pop_front();
  return answer;
}

void ShardHub::fail(std::uint32_t shard, const std::string& why) {
  const std::lock_guard lock(mutex_);
  if (failure_.empty() && !closing_) {
    failure_ = "shard " + std::to_string(shard) + " at " + links_[shard].address + ": " + why +
               "; see that it runs, and resume the run from its last checkpoint";
  }
  changed_.notify_all();
}

void ShardHub::greet(std::uint32_t shard) {
  ShardHello hello;
  hello.token = token_;
  hello.incarnation = incarnation_;
  hello.shard = shard;
  hello.shards = shards();
  hello.config = config_;
  links_[shard].transport->send({encode_message(ToShard(hello))});
}

void ShardHub::listen(std::uint32_t shard) {
  WorkerTransport& transport = *links_[shard].transport;
  bool greeted = false;
  try {
    for (;;) {
      {
        const std::lock_guard lock(mutex_);
        if (closing_) return;
      }
      const auto incoming = transport.receive(transport.now() + listening);
      if (!incoming || incoming->kind == IncomingMessage::Kind::alive) continue;
      if (incoming->kind == IncomingMessage::Kind::left) {
        // Before the first hello the transport may try several times.
        if (greeted) return fail(shard, "it is gone");
        continue;
      }
      if (incoming->kind == IncomingMessage::Kind::joined) {
        if (std::exchange(greeted, true)) return fail(shard, "it was gone");
        greet(shard);
        continue;
      }
      std::span<const std::byte> body;
      const FromShard says = decode_from_shard(incoming->bytes, body);
      if (const auto* refusal = std::get_if<ShardRefusal>(&says)) {
        return fail(shard, "it refuses: " + refusal->reason);
      }
      if (const auto* failure = std::get_if<ShardFailure>(&says)) {
        return fail(shard, failure->reason);
      }
      hear(shard, says, body);
    }
  } catch (const Error& error) {
    fail(shard, error.what());
  }
}

void ShardHub::hear(std::uint32_t shard, const FromShard& says, std::span<const std::byte> body) {
  const std::lock_guard lock(mutex_);
  Link& link = links_[shard];
  if (const auto* ready = std::get_if<ShardReady>(&says)) {
    if (ready->length != lengths_[shard]) {
      throw MalformedMessage("its part of the model has " + std::to_string(ready->length) +
                             " elements, not " + std::to_string(lengths_[shard]));
    }
    link.ready = true;
  } else if (const auto* answer = std::get_if<ShardAnswer>(&says)) {
    link.answers.push_back({answer->text, {body.begin(), body.end()}});
  } else if (std::holds_alternative<BlockSums>(says)) {
    if (link.has_sums || body.size() % sizeof(double) != 0) {
      throw MalformedMessage("its sums make no sense");
    }
    link.sums.resize(body.size() / sizeof(double));
    if (!body.empty()) std::memcpy(link.sums.data(), body.data(), body.size());
    link.has_sums = true;
    add_up();
  } else {
    throw MalformedMessage("it takes its coordinator for a worker");
  }
  changed_.notify_all();
}

void ShardHub::add_up() {
  if (!std::all_of(links_.begin(), links_.end(), [](const Link& link) { return link.has_sums; })) {
    return;
  }
  // In the order of the whole vector, as blocked_sum() does.
  double total = 0;
  for (Link& link : links_) {
    for (const double block : link.sums) total += block;
    link.has_sums = false;
  }
  for (Link& link : links_) link.transport->send({encode_message(ToShard(TotalAnswer{total}))});
}

}  // namespace syncline
