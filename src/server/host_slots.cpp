#include <algorithm>
#include <cmath>

#include "syncline/host.hpp"

namespace syncline {

// What becomes of payloads: slots, tables, and the account of both.

bool Host::Held::empty() const {
  if (!is_table()) return waiting == 0;
  return std::find(filled.begin(), filled.end(), 1) == filled.end();
}

void Host::Held::forget_entries() {
  for (const WorkerId worker : fresh) entries[worker] = 0;
  fresh.clear();
  waiting = 0;
}

Host::Held& Host::consume_into(Slot slot, const char* verb) {
  if (!payload_open_) {
    broken(2, std::string("a payload was ") + verb + " that is not there, or no longer");
  }
  if (slot >= held_.size()) broken(2, "slot " + std::to_string(slot) + " was not declared");
  payload_open_ = false;
  Held& held = held_[slot];
  ++held.waiting;
  ++account_.held;
  if (held.is_table()) {
    held.filled[pusher_] = 1;
    if (held.entries[pusher_]++ == 0) held.fresh.push_back(pusher_);
  }
  return held;
}

void Host::fold(Slot slot, double weight) {
  if (!std::isfinite(weight)) broken(2, "a payload was folded with a weight that is no number");
  consume_into(slot, "folded");
  for (auto* observer : observers_) observer->folded(table_[pusher_].job, now_, slot, weight);
}

void Host::put(Slot slot) {
  if (slot < held_.size() && !held_[slot].is_table()) {
    broken(2, "a payload was put into slot " + std::to_string(slot) + ", which is no table");
  }
  Held& held = consume_into(slot, "put");
  // What the entry held and no step has used is lost.
  const std::uint32_t replaced = held.entries[pusher_] - 1;
  held.entries[pusher_] = 1;
  held.waiting -= replaced;
  account_.held -= replaced;
  account_.dropped += replaced;
  for (auto* observer : observers_) observer->put(table_[pusher_].job, now_, slot);
}

void Host::drop(const char* reason) {
  if (!payload_open_) broken(2, "a payload was dropped that is not there, or no longer");
  payload_open_ = false;
  ++account_.dropped;
  for (auto* observer : observers_) observer->dropped(table_[pusher_].job, now_, reason);
}

void Host::step(Slot slot, double scale, FleetClock& clock) {
  if (slot >= held_.size() || held_[slot].empty()) {
    broken(3, "a step was asked for from the empty slot " + std::to_string(slot));
  }
  if (!std::isfinite(scale)) broken(3, "a step was asked for with a scale that is no number");
  ++version_;
  account_.applied += held_[slot].waiting;
  account_.held -= held_[slot].waiting;
  held_[slot].forget_entries();
  for (auto* observer : observers_) observer->stepped(slot, scale, version_, now_);
  if (++depth_ == deepest_answer) broken(4, "steps follow from steps without end");
  Stepped event;
  event.time = now_;
  event.version = version_;
  if (scalars_ != nullptr) scalars_->describe(event);
  policy_->stepped(event, answers_[depth_]);
  answer(clock);
  --depth_;
}

void Host::clear(Slot slot) {
  if (slot >= held_.size()) broken(2, "slot " + std::to_string(slot) + " was not declared");
  Held& held = held_[slot];
  account_.dropped += held.waiting;
  account_.held -= held.waiting;
  held.forget_entries();
  std::fill(held.filled.begin(), held.filled.end(), std::uint8_t{0});
  for (auto* observer : observers_) observer->cleared(slot);
}

void Host::swap(Slot a, Slot b) {
  for (const Slot slot : {a, b}) {
    if (slot >= held_.size() || !held_[slot].is_table()) {
      broken(2, "slot " + std::to_string(slot) + " was to be swapped, and is no table");
    }
  }
  std::swap(held_[a], held_[b]);
  for (auto* observer : observers_) observer->swapped(a, b);
}

void Host::merge(Slot from, Slot into, double weight) {
  for (const Slot slot : {into, from}) {
    if (slot >= held_.size() || held_[slot].is_table() || from == into) {
      broken(2, "slot " + std::to_string(slot) + " was to be merged, and is none to merge");
    }
  }
  if (held_[from].empty()) {
    broken(2, "slot " + std::to_string(from) + " was to be merged, and is empty");
  }
  if (!std::isfinite(weight)) broken(2, "a slot was merged with a weight that is no number");
  held_[into].waiting += held_[from].waiting;
  held_[from].forget_entries();
  for (auto* observer : observers_) observer->merged(from, into, weight);
}

}  // namespace syncline
