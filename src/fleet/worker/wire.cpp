#include "fleet/worker/wire.hpp"

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

}  // namespace

template <class Real>
Wire<Real>::Wire(const Workload<Real>& workload, const WorkerConfig& config, std::uint64_t seed,
                 std::uint32_t workers, std::size_t vectors)
    : dimension_(workload.dimension()),
      vectors_(vectors),
      push_(lossy_codec_of(workload, config.codec, seed, Direction::push)),
      pull_(lossy_codec_of(workload, config.pull_codec, seed, Direction::pull)) {
  if (push_ && push_->facts().feedback) memories_.resize(workers, Memory(vectors));
}

template <class Real>
auto Wire<Real>::push(const DrawKey& key, std::span<Real> payload) const -> Memory {
  if (!push_) return {};
  Memory memory = memories_.empty() ? Memory(vectors_) : memories_[key.worker];
  for (std::size_t i = 0; i < vectors_; ++i) {
    // Each vector of a payload has draws of its own; no worker computes so many gradients.
    constexpr std::uint64_t most_gradients = std::uint64_t{1} << 38;
    const DrawKey own = {key.seed, key.worker, key.job + i * most_gradients};
    push_->transmit(payload.subspan(i * dimension_, dimension_), own, memory[i]);
  }
  return memory;
}

template <class Real>
void Wire<Real>::commit(std::uint32_t worker, Memory&& memory) {
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
    if (!memories_[worker].front().empty()) workers.push_back(worker);
  }
  return workers;
}

template <class Real>
void Wire<Real>::remember(const std::vector<std::uint32_t>& workers) {
  for (const std::uint32_t worker : workers) {
    for (auto& vector : memories_.at(worker)) vector.resize(dimension_);
  }
}

template <class Real>
std::vector<std::vector<Real>*> Wire<Real>::vectors() {
  std::vector<std::vector<Real>*> all;
  for (const std::uint32_t worker : rememberers()) {
    for (auto& vector : memories_[worker]) all.push_back(&vector);
  }
  return all;
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
