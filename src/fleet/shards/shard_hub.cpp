#include "fleet/shards/shard_hub.hpp"

#include <algorithm>
#include <chrono>
#include <cstring>

#include "server/kernels.hpp"
#include "transport/transport_error.hpp"

namespace syncline {
namespace {

/// How long a shard may take to be there, model and data loaded.
constexpr std::chrono::minutes longest_start{10};
/// How long a turn waits for something to come.
constexpr std::chrono::milliseconds longest_turn{50};
/// Its watch sees to it that no shard is waited for without end.
constexpr Listening::Time never = Listening::Time::max();
/// How long a shard may say that it takes part in the run of another coordinator.
constexpr std::chrono::seconds longest_refusal{60};

/// Whether it has an answer.
bool is_question(const ToShard& order) {
  return std::visit(
      [](const auto& each) {
        using Order = std::decay_t<decltype(each)>;
        return std::is_same_v<Order, VersionQuestion> || std::is_same_v<Order, ProbeQuestion> ||
               std::is_same_v<Order, AverageQuestion> || std::is_same_v<Order, ArrivalQuestion> ||
               std::is_same_v<Order, StepQuestion> || std::is_same_v<Order, StateQuestion> ||
               std::is_same_v<Order, VectorQuestion> || std::is_same_v<Order, RestoreOrder> ||
               std::is_same_v<Order, RestoreVector>;
      },
      order);
}

}  // namespace

ShardHub::ShardHub(std::vector<ShardWay> ways, const std::string& token, std::uint64_t incarnation,
                   const std::string& config, const std::vector<std::size_t>& lengths,
                   std::unique_ptr<Listening> listening)
    : config_(config),
      incarnation_(incarnation),
      lengths_(lengths),
      links_(ways.size()),
      listening_(std::move(listening)) {
  for (std::uint32_t shard = 0; shard < ways.size(); ++shard) {
    links_[shard].address = std::move(ways[shard].address);
    links_[shard].transport = std::move(ways[shard].transport);
    links_[shard].token = ways[shard].token.empty() ? token : ways[shard].token;
    links_[shard].heartbeat = std::chrono::duration<double>(ways[shard].heartbeat);
    links_[shard].begin = links_[shard].transport->now();
  }
  for (std::uint32_t shard = 0; shard < ways.size(); ++shard) {
    listening_->listen([this, shard] { return listen(shard); });
  }
  std::unique_lock lock(mutex_);
  while (failure_.empty() && !all_ready()) listening_->wait(lock, never);
  if (failure_.empty()) return;
  const std::string why = failure_;
  lock.unlock();
  close();
  throw TransportError(why);
}

ShardHub::~ShardHub() { close(); }

void ShardHub::close() {
  listening_->close();
  // Nobody listens any more, so no new ones begin to beat.
  for (Link& link : links_) link.heart.reset();
}

bool ShardHub::all_ready() const {
  return std::all_of(links_.begin(), links_.end(), [](const Link& link) { return link.ready; });
}

std::string ShardHub::blame(std::uint32_t shard, const std::string& why) const {
  return "shard " + std::to_string(shard) + " at " + links_[shard].address + ": " + why +
         "; see that it runs, or start it anew, and resume the run from its last checkpoint "
         "(--resume)";
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
  Link& link = links_[shard];
  {
    const std::lock_guard lock(mutex_);
    check_locked();
    if (is_question(order) && link.watch) link.watch->asked(link.transport->now());
  }
  OutgoingMessage message{encode_message(order)};
  message.head.insert(message.head.end(), body.begin(), body.end());
  link.transport->send(std::move(message));
}

ShardHub::Answer ShardHub::answer(std::uint32_t shard) {
  std::unique_lock lock(mutex_);
  auto& answers = links_[shard].answers;
  while (answers.empty() && failure_.empty()) listening_->wait(lock, never);
  check_locked();
  Answer answer = std::move(answers.front());
  answers.pop_front();
  return answer;
}

void ShardHub::fail(std::uint32_t shard, const std::string& why) {
  const std::lock_guard lock(mutex_);
  if (failure_.empty()) failure_ = blame(shard, why);
  listening_->changed();
}

void ShardHub::refuse(std::uint32_t shard, const std::string& why) {
  fail(shard, why);
  throw TransportError(blame(shard, why));
}

void ShardHub::greet(std::uint32_t shard) {
  Link& link = links_[shard];
  ShardHello hello;
  hello.token = link.token;
  hello.incarnation = incarnation_;
  hello.shard = shard;
  hello.shards = shards();
  hello.heartbeat = link.heartbeat.count();
  hello.config = config_;
  link.transport->send({encode_message(ToShard(hello))});
  link.heart.reset();
  {
    const std::lock_guard lock(mutex_);
    link.watch.emplace(link.heartbeat, link.transport->now());
  }
  link.heart = link.transport->pulse(link.heartbeat, [this, shard] { beat(shard); });
}

void ShardHub::beat(std::uint32_t shard) {
  Link& link = links_[shard];
  std::uint64_t number = 0;
  {
    const std::lock_guard lock(mutex_);
    number = ++link.beats;
    link.watch->beaten(number, link.transport->now());
  }
  link.transport->send({encode_message(ToShard(CoordinatorBeat{number}))});
}

bool ShardHub::listen(std::uint32_t shard) {
  const Link& link = links_[shard];
  try {
    const auto incoming = link.transport->receive(link.transport->now() + longest_turn);
    watch(shard, link.transport->now());
    if (incoming) take(shard, *incoming);
    return true;
  } catch (const Error& error) {
    fail(shard, link.refusal.empty() ? error.what() : "it refuses: " + link.refusal);
    return false;
  }
}

void ShardHub::watch(std::uint32_t shard, ShardWatch::Time now) {
  Link& link = links_[shard];
  if (!link.ready && now - link.begin > longest_start) {
    throw TransportError("it was not ready in time");
  }
  if (!link.refusal.empty()) {
    if (now - link.refused_since > longest_refusal) throw TransportError("it refuses");
    return;
  }
  const std::lock_guard lock(mutex_);
  if (!link.watch) return;
  if (const auto complaint = link.watch->complaint(now)) throw TransportError(*complaint);
}

void ShardHub::take(std::uint32_t shard, const IncomingMessage& incoming) {
  if (incoming.kind != IncomingMessage::Kind::message) return note(shard, incoming);
  std::span<const std::byte> body;
  const FromShard says = decode_from_shard(incoming.bytes, body);
  if (const auto* refusal = std::get_if<ShardRefusal>(&says)) return take(shard, *refusal);
  links_[shard].refusal.clear();
  if (const auto* failure = std::get_if<ShardFailure>(&says)) throw TransportError(failure->reason);
  hear(shard, says, body, incoming.time);
}

void ShardHub::note(std::uint32_t shard, const IncomingMessage& incoming) {
  Link& link = links_[shard];
  if (incoming.kind == IncomingMessage::Kind::left) {
    // Before the first hello the transport may try several times, and after a refusal again.
    if (link.greeted && link.refusal.empty()) throw TransportError("it is gone");
    link.greeted = false;
  } else if (incoming.kind == IncomingMessage::Kind::joined) {
    if (std::exchange(link.greeted, true)) throw TransportError("it was gone");
    greet(shard);
  } else {
    const std::lock_guard lock(mutex_);
    if (link.watch) link.watch->heard(incoming.time);
  }
}

void ShardHub::take(std::uint32_t shard, const ShardRefusal& refusal) {
  Link& link = links_[shard];
  const bool first = link.refusal.empty();
  link.refusal = refusal.reason;
  if (!refusal.try_again || link.ready) throw TransportError("it refuses");
  // It closes the connection, and the transport makes another.
  if (first) link.refused_since = link.transport->now();
  link.heart.reset();
}

void ShardHub::hear(std::uint32_t shard, const FromShard& says, std::span<const std::byte> body,
                    ShardWatch::Time time) {
  const std::lock_guard lock(mutex_);
  Link& link = links_[shard];
  if (!link.watch) throw MalformedMessage("it speaks before it was greeted");
  if (const auto* beat = std::get_if<ShardBeat>(&says)) {
    if (beat->reached > link.beats) throw MalformedMessage("it has come to what was not sent");
    return link.watch->heard(*beat, time);
  }
  link.watch->heard(time);
  if (const auto* ready = std::get_if<ShardReady>(&says)) {
    if (link.ready) throw MalformedMessage("it says twice that it is ready");
    if (ready->length != lengths_[shard]) {
      throw MalformedMessage("its part of the model has " + std::to_string(ready->length) +
                             " elements, not " + std::to_string(lengths_[shard]));
    }
    link.ready = true;
    link.watch->ready(time);
  } else if (const auto* answer = std::get_if<ShardAnswer>(&says)) {
    if (link.watch->unanswered() == 0) throw MalformedMessage("it answers what was not asked");
    link.watch->answered(time);
    link.answers.push_back({answer->text, {body.begin(), body.end()}});
  } else if (std::holds_alternative<BlockSums>(says)) {
    hear_sums(shard, body, time);
  } else {
    throw MalformedMessage("it takes its coordinator for a worker");
  }
  listening_->changed();
}

void ShardHub::hear_sums(std::uint32_t shard, std::span<const std::byte> body,
                         ShardWatch::Time time) {
  Link& link = links_[shard];
  // Buffers, which the last shard has besides, are in no sum.
  const std::size_t most = (lengths_[shard] + sum_block - 1) / sum_block;
  const std::size_t count = body.size() / sizeof(double);
  if (!link.ready || link.has_sums || body.size() % sizeof(double) != 0 || count == 0 ||
      count > most || (shard + 1 < shards() && count != most)) {
    throw MalformedMessage("its sums make no sense");
  }
  link.sums.resize(count);
  std::memcpy(link.sums.data(), body.data(), body.size());
  link.has_sums = true;
  link.watch->sums_came();
  for (Link& other : links_) {
    if (!other.has_sums && other.watch) other.watch->owes_sums(time);
  }
  add_up();
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
