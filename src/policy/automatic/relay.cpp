#include "policy/automatic/relay.hpp"

namespace syncline {

void Relay::repeat(const Actions& from, std::size_t i, Actions& to) const {
  const Action& action = from.list()[i];
  const auto each_worker = [&](auto&& act) {
    for (std::uint32_t j = 0; j < action.count; ++j) act(from.workers()[action.index + j]);
  };
  switch (action.kind) {
    case Action::Kind::fold:
      return to.fold(place(action.index), action.number);
    case Action::Kind::put:
      return to.put(place(action.index));
    case Action::Kind::drop:
      return to.drop(action.text);
    case Action::Kind::step:
      return to.step(place(action.index), scale * action.number);
    case Action::Kind::merge:
      return to.merge(place(action.index), place(action.count), action.number);
    case Action::Kind::clear:
      return to.clear(place(action.index));
    case Action::Kind::swap:
      return to.swap(place(action.index), place(action.count));
    case Action::Kind::send:
      if (action.everyone) return to.send_all_parked(action.work);
      return each_worker([&](WorkerId worker) { to.send(worker, action.work); });
    case Action::Kind::cancel:
      if (action.everyone) return to.cancel_all_busy();
      return each_worker([&](WorkerId worker) { to.cancel(worker); });
    case Action::Kind::stop:
      return each_worker([&](WorkerId worker) { to.stop(worker); });
    case Action::Kind::park:
      return each_worker([&](WorkerId worker) { to.park(worker); });
    case Action::Kind::arm:
      return to.arm(action.index, action.number);
    case Action::Kind::disarm:
      return to.disarm(action.index);
    case Action::Kind::measure:
      return to.measure(action.index);
    case Action::Kind::set:
      return to.set(action.text, action.number);
    case Action::Kind::note:
      return to.note(from.notes()[action.index]);
    case Action::Kind::finish:
      return to.finish();
  }
}

}  // namespace syncline
