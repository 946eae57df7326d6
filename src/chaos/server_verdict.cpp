#include "chaos/server_verdict.hpp"

#include <algorithm>

namespace syncline {
namespace {

using Judgement = PromiseFound::Judgement;

/// The server learns of a dead shard by its connection. Only what is far beyond that counts, since
/// other work on the machine makes every time longer.
constexpr double promised_end = 1, lenient_end = 10;

}  // namespace

PromiseFound judge_pauses(const std::vector<ServerPause>& pauses) {
  std::uint64_t stops = 0, hangs = 0, impatient = 0, anew = 0;
  for (const ServerPause& pause : pauses) {
    const bool hang = pause.kind == FaultKind::server_hang;
    ++(hang ? hangs : stops);
    if (hang) anew += pause.anew;
    // Where a worker was parted, too, its silence began earlier.
    if (!hang && pause.alone) impatient += pause.anew;
  }
  return {"workers bear a server that stops for a moment",
          std::to_string(stops) + " stops: " + std::to_string(impatient) +
              " times a worker lost patience; " + std::to_string(hangs) +
              " longer than that: " + std::to_string(anew) + " times a worker connected anew",
          kept_if(impatient == 0)};
}

PromiseFound judge_shard_deaths(const std::vector<ShardDeath>& deaths) {
  std::size_t named = 0, in_time = 0;
  double longest = 0;
  for (const ShardDeath& death : deaths) {
    named += death.named ? 1 : 0;
    in_time += death.seconds <= promised_end ? 1 : 0;
    longest = std::max(longest, death.seconds);
  }
  const std::string all = std::to_string(deaths.size());
  return {"a dead shard ends the run within 1 s, and is named",
          std::to_string(in_time) + " of " + all + " within 1 s" +
              text(", longest %.3f s; ", longest) + std::to_string(named) + " of " + all + " named",
          kept_if(named == deaths.size() && longest <= lenient_end * promised_end)};
}

PromiseFound judge_restarts(const std::vector<ServerRestart>& restarts, bool run_went_on) {
  std::vector<double> times;
  for (const ServerRestart& restart : restarts) {
    if (restart.all_up) times.push_back(*restart.all_up);
  }
  std::sort(times.begin(), times.end());
  PromiseFound row{"workers find a restarted server by themselves",
                   "all workers after " + std::to_string(times.size()) + " of " +
                       std::to_string(restarts.size()) + " restarts",
                   Judgement::kept};
  if (!times.empty()) {
    row.found +=
        text(", median %.1f s", times[times.size() / 2]) + text(", longest %.1f s", times.back());
  }
  // The others were under a fault, or the next kill came first: the run's end shows that it went
  // on.
  row.judgement = kept_if(run_went_on);
  return row;
}

PromiseFound judge_durability(const std::vector<ServerRestart>& restarts,
                              const std::optional<std::uint64_t>& durability) {
  std::uint64_t most = 0, known = 0;
  for (const ServerRestart& restart : restarts) {
    if (!restart.resumed) continue;
    ++known;
    if (restart.seen > *restart.resumed) most = std::max(most, restart.seen - *restart.resumed);
  }
  PromiseFound row{"a killed server loses no more updates than --durability says",
                   "at most " + std::to_string(most) +
                       " updates lost of those that were seen, in " + std::to_string(known) +
                       " kills",
                   Judgement::not_judged};
  if (!durability) {
    row.found += "; --durability promises nothing beyond the last checkpoint";
    return row;
  }
  row.found += "; promised: " + std::to_string(*durability);
  row.judgement = kept_if(most <= *durability);
  return row;
}

}  // namespace syncline
