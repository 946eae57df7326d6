#include <algorithm>

#include <nlohmann/json.hpp>

#include "fleet/live/live_fleet.hpp"
#include "syncline/error.hpp"

// What a real fleet writes down against the death of the server, and repeats after it.
namespace syncline {

template <class Real>
void LiveFleet<Real>::keep_journal(const std::filesystem::path& checkpoint,
                                   const std::string& follows, std::uint64_t most_lost) {
  journal_ = std::make_unique<JournalWriter<Real>>(checkpoint, follows, host_.version(), most_lost);
  using Gate = typename GatedPort<Real>::Gate;
  port_->set(most_lost == 0 ? Gate::held : Gate::open);
}

template <class Real>
void LiveFleet<Real>::give_up_journal(const std::string& why) {
  journal_.reset();
  port_->set(GatedPort<Real>::Gate::open);
  tell("updates are not kept any more until the next checkpoint: " + why);
}

template <class Real>
void LiveFleet<Real>::settle() {
  write_down([&](JournalWriter<Real>& journal) { journal.reached(host_.version()); });
  port_->release();
  waits_.look(host_, now_);
}

template <class Real>
void LiveFleet<Real>::repeat_journal(const std::filesystem::path& checkpoint) {
  past_ = std::make_unique<JournalReader<Real>>(checkpoint, payloads_->shape());
  port_->set(GatedPort<Real>::Gate::closed);
}

template <class Real>
std::optional<FleetInput<Real>> LiveFleet<Real>::next_of_past() {
  while (auto entry = past_->next()) {
    if (auto* input = std::get_if<FleetInput<Real>>(&*entry)) return std::move(*input);
    if (const auto* news = std::get_if<FleetNews>(&*entry)) tell(news->text);
    if (const auto* job = std::get_if<Abandoned>(&*entry)) report(*job);
  }
  return std::nullopt;
}

template <class Real>
void LiveFleet<Real>::check_repeated(const FleetEvent& event) const {
  const auto possible = [&] {
    if (event.kind == FleetEvent::Kind::timer) {
      return std::any_of(timers_.begin(), timers_.end(),
                         [&](const auto& timer) { return timer.second == event.index; });
    }
    if (event.index >= host_.workers()) return false;
    if (event.kind == FleetEvent::Kind::up) return host_.down(event.index);
    if (event.kind == FleetEvent::Kind::down) return !host_.down(event.index);
    return host_.busy(event.index);
  };
  if (!possible()) {
    throw DataError("the updates kept beside the checkpoint can't be repeated: at " +
                    std::to_string(event.time) + " s something happens to worker or timer " +
                    std::to_string(event.index) + " that can't");
  }
}

template <class Real>
void LiveFleet<Real>::end_of_past() {
  past_.reset();
  // The pause is left out.
  begin_ = port_->now() - (at(now_) - begin_);
  port_->set(GatedPort<Real>::Gate::open);
  for (WorkerId worker = 0; worker < host_.workers(); ++worker) {
    if (host_.busy(worker)) payloads_->resend(host_.job(worker));
  }
}

template class LiveFleet<float>;
template class LiveFleet<double>;

}  // namespace syncline
