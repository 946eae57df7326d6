#include "top/wait.hpp"

#include <algorithm>

namespace syncline {
namespace {

using State = WorkerPicture::State;

/// The first few, and how many there are besides.
std::string names(const std::vector<WorkerId>& workers, std::size_t most) {
  std::string text;
  for (std::size_t i = 0; i < workers.size() && i < most; ++i) {
    text += (i == 0 ? "" : " ") + std::to_string(workers[i]);
  }
  if (workers.size() > most) text += " and " + std::to_string(workers.size() - most) + " more";
  return text;
}

/// Whether it is the number of payloads that the step waits for.
bool counts(const Wait& wait) {
  return wait.needed > 1 && static_cast<double>(wait.there) < wait.needed;
}

std::string count(double value) { return std::to_string(static_cast<std::uint64_t>(value)); }

}  // namespace

Wait wait_of(const RunPicture& picture) {
  Wait wait;
  wait.there = picture.account.held;
  wait.needed = picture.k;
  for (WorkerId worker = 0; worker < picture.workers.size(); ++worker) {
    const State state = picture.workers[worker].state;
    if (state == State::computing) wait.computing.push_back(worker);
    if (state == State::down) wait.down.push_back(worker);
  }
  if (!wait.computing.empty()) wait.down.clear();
  std::stable_sort(wait.computing.begin(), wait.computing.end(), [&](WorkerId a, WorkerId b) {
    return picture.workers[a].read < picture.workers[b].read;
  });
  return wait;
}

std::string to_text(const Wait& wait) {
  constexpr std::size_t most = 8;
  std::string text;
  if (counts(wait)) {
    text = std::to_string(wait.there) + " of " + count(wait.needed) + " gradients are there";
  } else if (wait.there > 0) {
    text = std::to_string(wait.there) + " gradients are there";
  }
  const std::string comma = text.empty() ? "" : ", ";
  if (!wait.computing.empty()) {
    text += comma + "the next may come from " + names(wait.computing, most);
  } else if (!wait.down.empty()) {
    text += comma + "nobody computes, and these are down: " + names(wait.down, most);
  }
  return text;
}

std::string why_parked(const Wait& wait) {
  constexpr std::size_t most = 3;
  if (wait.computing.empty()) {
    return wait.down.empty() ? "" : "for " + names(wait.down, most) + ", down";
  }
  if (counts(wait)) {
    return "for " + count(wait.needed - static_cast<double>(wait.there)) + " more of " +
           count(wait.needed);
  }
  return "for " + names(wait.computing, most);
}

}  // namespace syncline
