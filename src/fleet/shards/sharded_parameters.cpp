#include "fleet/shards/sharded_parameters.hpp"

#include <cstring>

#include <nlohmann/json.hpp>

#include "syncline/error.hpp"

namespace syncline {
namespace {

template <class Number>
void append(const std::vector<std::byte>& bytes, std::vector<Number>& numbers) {
  if (bytes.size() % sizeof(Number) != 0) throw DataError("a shard's answer makes no sense");
  const std::size_t before = numbers.size();
  numbers.resize(before + bytes.size() / sizeof(Number));
  if (!bytes.empty()) std::memcpy(numbers.data() + before, bytes.data(), bytes.size());
}

}  // namespace

template <class Real>
void ShardedParameters<Real>::fold(Slot slot, double weight, std::span<const Real>,
                                   const Snapshot<Real>& read, const Sender& sender) {
  hub_.tell(FoldOrder{sender.worker, sender.job, slot, weight});
  here_.fold(slot, weight, {}, read, sender);
}

template <class Real>
void ShardedParameters<Real>::put(Slot table, std::span<const Real>, const Snapshot<Real>& read,
                                  const Sender& sender) {
  hub_.tell(PutOrder{sender.worker, sender.job, table});
  here_.put(table, {}, read, sender);
}

template <class Real>
void ShardedParameters<Real>::clear(Slot slot) {
  hub_.tell(ClearOrder{slot});
  here_.clear(slot);
}

template <class Real>
void ShardedParameters<Real>::swap(Slot table, Slot other) {
  hub_.tell(SwapOrder{table, other});
  here_.swap(table, other);
}

template <class Real>
void ShardedParameters<Real>::merge(Slot from, Slot into, double weight) {
  hub_.tell(MergeOrder{from, into, weight});
  here_.merge(from, into, weight);
}

template <class Real>
void ShardedParameters<Real>::step(Slot slot, double scale, std::uint64_t version) {
  hub_.tell(StepOrder{slot, scale, version});
  here_.step(slot, scale, version);
}

template <class Real>
void ShardedParameters<Real>::set_k(double k) {
  hub_.tell(KOrder{k});
  here_.set_k(k);
}

template <class Real>
std::vector<Real> ShardedParameters<Real>::gather() {
  std::vector<Real> all;
  for (std::uint32_t shard = 0; shard < hub_.shards(); ++shard) {
    append(hub_.answer(shard).body, all);
  }
  return all;
}

template <class Real>
auto ShardedParameters<Real>::gathered(std::uint64_t version) -> State {
  std::vector<Real> all = gather();
  if (all.empty()) return nullptr;
  return std::make_shared<const Snapshot<Real>>(Snapshot<Real>{version, std::move(all)});
}

template <class Real>
std::vector<double> ShardedParameters<Real>::numbers() {
  std::vector<double> numbers;
  // All shards know the same.
  for (std::uint32_t shard = 0; shard < hub_.shards(); ++shard) {
    numbers.clear();
    append(hub_.answer(shard).body, numbers);
  }
  return numbers;
}

template <class Real>
auto ShardedParameters<Real>::whole(const State& state) -> State {
  hub_.tell(VersionQuestion{state->version});
  return gathered(state->version);
}

template <class Real>
void ShardedParameters<Real>::describe(const Observables& wanted, std::span<const Real>,
                                       const Snapshot<Real>&, const Sender& sender, Arrive& event) {
  if (!wanted.norm && !wanted.distance) return;
  hub_.tell(ArrivalQuestion{sender.worker, sender.job, wanted.norm, wanted.distance});
  const auto known = numbers();
  if (wanted.norm) event.norm = known.at(0);
  if (wanted.distance) event.distance = known.at(1);
}

template <class Real>
void ShardedParameters<Real>::describe(Stepped& event) {
  hub_.tell(StepQuestion{});
  const auto known = numbers();
  event.length = known.at(0);
  event.norm = known.at(1);
  event.dot = known.at(2);
  event.spread = known.at(3);
}

template <class Real>
auto ShardedParameters<Real>::noise_probe(double sign) -> State {
  hub_.tell(ProbeQuestion{sign});
  return gathered(here_.snapshot()->version);
}

template <class Real>
auto ShardedParameters<Real>::average() -> State {
  hub_.tell(AverageQuestion{});
  return gathered(here_.snapshot()->version);
}

template <class Real>
nlohmann::json ShardedParameters<Real>::state() {
  hub_.tell(StateQuestion{});
  nlohmann::json first;
  for (std::uint32_t shard = 0; shard < hub_.shards(); ++shard) {
    const auto answer = nlohmann::json::parse(hub_.answer(shard).text);
    if (shard == 0) first = answer.at("state");
  }
  return first;
}

template <class Real>
auto ShardedParameters<Real>::vectors() -> Vectors {
  hub_.tell(StateQuestion{});
  std::vector<std::string> names;
  for (std::uint32_t shard = 0; shard < hub_.shards(); ++shard) {
    nlohmann::json::parse(hub_.answer(shard).text).at("names").get_to(names);
  }
  Vectors all;
  gathered_.clear();
  for (std::uint32_t number = 0; number < names.size(); ++number) {
    hub_.tell(VectorQuestion{number});
    gathered_.push_back(gather());
  }
  for (std::size_t i = 0; i < names.size(); ++i) all.emplace_back(names[i], gathered_[i]);
  return all;
}

template <class Real>
void ShardedParameters<Real>::restore(const nlohmann::json& state, const Read& read) {
  here_.restore(state, [](const std::string&, std::vector<Real>&) {});
  hub_.tell(RestoreOrder{state.dump()});
  for (;;) {
    std::string name;
    std::vector<std::size_t> lengths;
    std::size_t length = 0;
    for (std::uint32_t shard = 0; shard < hub_.shards(); ++shard) {
      const auto answer = hub_.answer(shard);
      name = answer.text;
      std::vector<double> own;
      append(answer.body, own);
      lengths.push_back(own.empty() ? 0 : static_cast<std::size_t>(own.front()));
      length += lengths.back();
    }
    if (name.empty()) return;
    std::vector<Real> whole(length);
    read(name, whole);
    std::span<const Real> rest = whole;
    for (std::uint32_t shard = 0; shard < hub_.shards(); ++shard) {
      hub_.tell(shard, RestoreVector{}, std::as_bytes(rest.first(lengths[shard])));
      rest = rest.subspan(lengths[shard]);
    }
  }
}

template <class Real>
auto ShardedParameters<Real>::restore_version(std::uint64_t version, const std::string& vector,
                                              const Read& read) -> State {
  const std::uint32_t last = hub_.shards() - 1;
  std::vector<Real> whole(slices_.begin(last) + slices_.length(last));
  read(vector, whole);
  for (std::uint32_t shard = 0; shard <= last; ++shard) {
    hub_.tell(shard, RestoreVersion{version},
              std::as_bytes(slices_.part(shard, std::span<const Real>(whole))));
  }
  return here_.restore_version(version, vector, [](const std::string&, std::vector<Real>&) {});
}

template <class Real>
void ShardedParameters<Real>::restore_current(const State& state) {
  hub_.tell(CurrentOrder{state->version});
  here_.restore_current(state);
}

template class ShardedParameters<float>;
template class ShardedParameters<double>;

}  // namespace syncline
