#include "fleet/shards/sharded_parameters.hpp"

#include <cmath>
#include <cstring>
#include <optional>
#include <set>

#include <nlohmann/json.hpp>

#include "syncline/error.hpp"

namespace syncline {
namespace {

/// Of a body; nullopt: it is no whole number of them.
template <class Number>
std::optional<std::vector<Number>> numbers_in(const std::vector<std::byte>& bytes) {
  if (bytes.size() % sizeof(Number) != 0) return std::nullopt;
  std::vector<Number> numbers(bytes.size() / sizeof(Number));
  if (!bytes.empty()) std::memcpy(numbers.data(), bytes.data(), bytes.size());
  return numbers;
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
  fetched_.reset();
  hub_.tell(StepOrder{slot, scale, version});
  here_.step(slot, scale, version);
}

template <class Real>
void ShardedParameters<Real>::set_k(double k) {
  hub_.tell(KOrder{k});
  here_.set_k(k);
}

template <class Real>
void ShardedParameters<Real>::append(std::uint32_t shard, const std::vector<std::byte>& bytes,
                                     std::vector<Real>& all) {
  const auto part = numbers_in<Real>(bytes);
  if (!part) hub_.refuse(shard, "its answer is cut short");
  all.insert(all.end(), part->begin(), part->end());
}

template <class Real>
void ShardedParameters<Real>::check_length(std::uint32_t shard, std::size_t length, bool none) {
  const bool fits =
      none ? length == 0 : length == slices_.parameters(shard) || length == slices_.length(shard);
  if (!fits) {
    hub_.refuse(
        shard, "it has " + std::to_string(length) + " elements of a vector, of which its part is " +
                   (none ? std::string("none") : std::to_string(slices_.parameters(shard))));
  }
}

template <class Real>
std::vector<Real> ShardedParameters<Real>::gather_state() {
  std::vector<Real> all;
  for (std::uint32_t shard = 0; shard < hub_.shards(); ++shard) {
    const std::size_t before = all.size();
    append(shard, hub_.answer(shard).body, all);
    const std::size_t length = all.size() - before;
    if (length != slices_.length(shard) && (length != 0 || before != 0)) {
      hub_.refuse(shard, "its part of a state has " + std::to_string(length) + " elements, not " +
                             std::to_string(slices_.length(shard)));
    }
    if (shard > 0 && before == 0 && length != 0)
      hub_.refuse(shard, "it has a state that others have not");
  }
  return all;
}

template <class Real>
std::vector<Real> ShardedParameters<Real>::gather_vector() {
  std::vector<Real> all;
  for (std::uint32_t shard = 0; shard < hub_.shards(); ++shard) {
    const std::size_t before = all.size();
    append(shard, hub_.answer(shard).body, all);
    const std::size_t length = all.size() - before;
    check_length(shard, length, shard == 0 ? length == 0 : before == 0);
  }
  return all;
}

template <class Real>
auto ShardedParameters<Real>::gathered(std::uint64_t version) -> State {
  std::vector<Real> all = gather_state();
  if (all.empty()) return nullptr;
  return std::make_shared<const Snapshot<Real>>(Snapshot<Real>{version, std::move(all)});
}

template <class Real>
std::vector<double> ShardedParameters<Real>::numbers(std::size_t count) {
  std::vector<std::byte> first;
  for (std::uint32_t shard = 0; shard < hub_.shards(); ++shard) {
    auto body = hub_.answer(shard).body;
    if (body.size() != count * sizeof(double)) hub_.refuse(shard, "it has answered something else");
    if (shard == 0) first = std::move(body);
    // All shards add up the same sums, so they know the same, to the bit.
    else if (body != first)
      hub_.refuse(shard, "it measures something else than shard 0");
  }
  return *numbers_in<double>(first);
}

template <class Real>
auto ShardedParameters<Real>::described() -> Described {
  hub_.tell(StateQuestion{});
  Described first;
  for (std::uint32_t shard = 0; shard < hub_.shards(); ++shard) {
    Described own;
    try {
      const auto answer = nlohmann::json::parse(hub_.answer(shard).text);
      answer.at("names").get_to(own.names);
      own.state = answer.at("state");
    } catch (const nlohmann::json::exception& error) {
      hub_.refuse(shard, std::string("its numbers can't be read: ") + error.what());
    }
    if (!own.state.is_object()) hub_.refuse(shard, "its numbers are no object");
    if (std::set<std::string>(own.names.begin(), own.names.end()).size() != own.names.size()) {
      hub_.refuse(shard, "it has two vectors of one name");
    }
    if (shard == 0)
      first = std::move(own);
    else if (own.names != first.names)
      hub_.refuse(shard, "its vectors are not those of shard 0");
  }
  return first;
}

template <class Real>
auto ShardedParameters<Real>::whole(const State& state) -> State {
  if (fetched_ && fetched_->version == state->version) return fetched_;
  hub_.tell(VersionQuestion{state->version});
  State fetched = gathered(state->version);
  if (state->version == here_.snapshot()->version) fetched_ = fetched;
  return fetched;
}

template <class Real>
void ShardedParameters<Real>::describe(const Observables& wanted, std::span<const Real>,
                                       const Snapshot<Real>&, const Sender& sender, Arrive& event) {
  if (!wanted.norm && !wanted.distance) return;
  hub_.tell(ArrivalQuestion{sender.worker, sender.job, wanted.norm, wanted.distance});
  const auto known = numbers(2);
  if (wanted.norm) event.norm = known.at(0);
  if (wanted.distance) event.distance = known.at(1);
}

template <class Real>
void ShardedParameters<Real>::describe(Stepped& event) {
  hub_.tell(StepQuestion{});
  const auto known = numbers(4);
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
  return described().state;
}

template <class Real>
auto ShardedParameters<Real>::vectors() -> Vectors {
  const std::vector<std::string> names = described().names;
  Vectors all;
  gathered_.clear();
  for (std::uint32_t number = 0; number < names.size(); ++number) {
    hub_.tell(VectorQuestion{number});
    gathered_.push_back(gather_vector());
  }
  for (std::size_t i = 0; i < names.size(); ++i) all.emplace_back(names[i], gathered_[i]);
  return all;
}

template <class Real>
void ShardedParameters<Real>::restore(const nlohmann::json& state, const Read& read) {
  here_.restore(state, [](const std::string&, std::vector<Real>&) {});
  hub_.tell(RestoreOrder{state.dump()});
  std::set<std::string> known;
  for (;;) {
    std::string name;
    std::vector<std::size_t> lengths;
    std::size_t length = 0;
    for (std::uint32_t shard = 0; shard < hub_.shards(); ++shard) {
      const auto answer = hub_.answer(shard);
      if (shard == 0) name = answer.text;
      if (answer.text != name) hub_.refuse(shard, "it wants another vector than shard 0");
      const auto own = numbers_in<double>(answer.body);
      if (!own || own->size() != (name.empty() ? 0 : 1)) hub_.refuse(shard, "it says no length");
      if (name.empty()) continue;
      // Which numbers are lengths at all: a comparison that NaN fails, too.
      if (!(own->front() >= 0 && own->front() <= static_cast<double>(slices_.length(shard)))) {
        hub_.refuse(shard, "it wants a part of no possible length");
      }
      lengths.push_back(static_cast<std::size_t>(own->front()));
      check_length(shard, lengths.back(), lengths.front() == 0);
      length += lengths.back();
    }
    if (name.empty()) return;
    if (!known.insert(name).second) hub_.refuse(0, "it wants the vector '" + name + "' twice");
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
  fetched_.reset();
  hub_.tell(CurrentOrder{state->version});
  here_.restore_current(state);
}

template class ShardedParameters<float>;
template class ShardedParameters<double>;

}  // namespace syncline
