#include "fleet/worker/wire.hpp"

#include <cstring>
#include <string>

#include "fleet/worker/codec_context.hpp"

namespace syncline {
namespace {

template <class Real>
std::unique_ptr<Codec<Real>> codec_of(const Workload<Real>& workload, const std::string& text,
                                      std::uint64_t seed, Direction direction) {
  return make_codec<Real>(text, codec_context(workload, seed, direction));
}

/// Null for `none`, which changes nothing.
template <class Real>
std::unique_ptr<const Codec<Real>> lossy_codec_of(const Workload<Real>& workload,
                                                  const std::string& text, std::uint64_t seed,
                                                  Direction direction) {
  if (text == "none") return nullptr;
  return codec_of(workload, text, seed, direction);
}

void check_length(std::span<const std::byte> message, std::size_t wanted) {
  if (message.size() == wanted) return;
  throw DataError("a coded vector has " + std::to_string(message.size()) + " bytes, not " +
                  std::to_string(wanted));
}

template <class Real>
void copy_bytes(std::span<const std::byte> bytes, std::span<Real> numbers) {
  if (!bytes.empty()) std::memcpy(numbers.data(), bytes.data(), bytes.size());
}

}  // namespace

template <class Real>
Wire<Real>::Wire(const Workload<Real>& workload, const WorkerConfig& config, std::uint64_t seed,
                 std::uint32_t workers, std::size_t vectors)
    : dimension_(workload.dimension()),
      vectors_(vectors),
      push_(lossy_codec_of(workload, config.codec, seed, Direction::push)),
      pull_(lossy_codec_of(workload, config.pull_codec, seed, Direction::pull)) {
  if (push_ && push_->facts().feedback) memories_.resize(workers);
}

template <class Real>
DrawKey Wire<Real>::key_of(const DrawKey& job, std::size_t vector) {
  // Each vector of a payload has draws of its own; no worker computes so many gradients.
  constexpr std::uint64_t most_gradients = std::uint64_t{1} << 38;
  return {job.seed, job.worker, job.job + vector * most_gradients};
}

template <class Real>
auto Wire<Real>::copy_of(const Memory& memory) const -> std::shared_ptr<Vectors> {
  return memory ? std::make_shared<Vectors>(*memory) : std::make_shared<Vectors>(vectors_);
}

template <class Real>
auto Wire<Real>::push(const DrawKey& key, std::span<Real> payload, const Memory& before) const
    -> Memory {
  if (!push_) return nullptr;
  const auto memory = copy_of(before);
  for (std::size_t i = 0; i < vectors_; ++i) {
    push_->transmit(payload.subspan(i * dimension_, dimension_), key_of(key, i), (*memory)[i]);
  }
  return memory;
}

template <class Real>
std::optional<std::vector<std::byte>> Wire<Real>::encode_push(const DrawKey& key,
                                                              std::span<const Real> payload,
                                                              Memory& memory) const {
  const auto next = copy_of(memory);
  for (std::size_t i = 0; i < vectors_; ++i) {
    const auto vector = payload.subspan(i * dimension_, dimension_);
    if (!push_->can_send(vector, (*next)[i])) return std::nullopt;
  }
  std::vector<std::byte> message;
  for (std::size_t i = 0; i < vectors_; ++i) {
    const auto vector = payload.subspan(i * dimension_, dimension_);
    const auto part = push_->encode(vector, key_of(key, i), (*next)[i]);
    message.insert(message.end(), part.begin(), part.end());
  }
  const auto statistics = std::as_bytes(payload.subspan(vectors_ * dimension_));
  message.insert(message.end(), statistics.begin(), statistics.end());
  memory = next;
  return message;
}

template <class Real>
void Wire<Real>::decode_push(std::span<const std::byte> message, const DrawKey& key,
                             std::span<Real> payload) const {
  const auto statistics = payload.subspan(vectors_ * dimension_);
  check_length(message, vectors_ * push_->wire_bytes() + statistics.size_bytes());
  for (std::size_t i = 0; i < vectors_; ++i) {
    push_->decode(message.subspan(i * push_->wire_bytes(), push_->wire_bytes()), key_of(key, i),
                  payload.subspan(i * dimension_, dimension_));
  }
  copy_bytes(message.last(statistics.size_bytes()), statistics);
}

template <class Real>
std::optional<std::vector<std::byte>> Wire<Real>::encode_pull(const DrawKey& key,
                                                              std::span<const Real> state) const {
  std::vector<Real> no_memory;
  if (!pull_->can_send(state.first(dimension_), no_memory)) return std::nullopt;
  std::vector<std::byte> message = pull_->encode(state.first(dimension_), key, no_memory);
  const auto buffers = std::as_bytes(state.subspan(dimension_));
  message.insert(message.end(), buffers.begin(), buffers.end());
  return message;
}

template <class Real>
void Wire<Real>::decode_pull(std::span<const std::byte> message, const DrawKey& key,
                             std::span<Real> state) const {
  const auto buffers = state.subspan(dimension_);
  check_length(message, pull_->wire_bytes() + buffers.size_bytes());
  pull_->decode(message.first(pull_->wire_bytes()), key, state.first(dimension_));
  copy_bytes(message.last(buffers.size_bytes()), buffers);
}

template <class Real>
void Wire<Real>::commit(std::uint32_t worker, Memory memory) {
  if (!memories_.empty()) memories_[worker] = std::move(memory);
}

template <class Real>
std::shared_ptr<const Snapshot<Real>> Wire<Real>::pull(
    const DrawKey& key, std::shared_ptr<const Snapshot<Real>> state) const {
  if (!pull_) return state;
  auto received = std::make_shared<Snapshot<Real>>(*state);
  std::vector<Real> no_memory;
  pull_->transmit(std::span<Real>(received->state).first(dimension_), key, no_memory);
  return received;
}

template <class Real>
std::vector<std::uint32_t> Wire<Real>::rememberers() const {
  std::vector<std::uint32_t> workers;
  for (std::uint32_t worker = 0; worker < memories_.size(); ++worker) {
    if (memories_[worker] && !memories_[worker]->front().empty()) workers.push_back(worker);
  }
  return workers;
}

template <class Real>
const std::vector<std::vector<Real>>& Wire<Real>::remembered(std::uint32_t worker) const {
  return *memories_[worker];
}

template <class Real>
void Wire<Real>::remember(std::uint32_t worker, std::vector<std::vector<Real>> vectors) {
  memories_.at(worker) = std::make_shared<const Vectors>(std::move(vectors));
}

template <class Real>
MessageBytes message_bytes(const Workload<Real>& workload, const WorkerConfig& config,
                           std::size_t vectors, std::size_t states) {
  const auto buffers = static_cast<double>(workload.buffers() * sizeof(Real));
  const auto bytes = [&](const std::string& text, Direction direction) {
    return static_cast<double>(codec_of(workload, text, 1, direction)->wire_bytes());
  };
  return {static_cast<double>(vectors) * bytes(config.codec, Direction::push) + buffers,
          static_cast<double>(states) * bytes(config.pull_codec, Direction::pull) + buffers};
}

template class Wire<float>;
template class Wire<double>;
template MessageBytes message_bytes(const Workload<float>&, const WorkerConfig&, std::size_t,
                                    std::size_t);
template MessageBytes message_bytes(const Workload<double>&, const WorkerConfig&, std::size_t,
                                    std::size_t);

}  // namespace syncline
