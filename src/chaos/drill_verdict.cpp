#include "chaos/drill_verdict.hpp"

#include <algorithm>
#include <cmath>

#include <nlohmann/json.hpp>

#include "chaos/server_verdict.hpp"

namespace syncline {
namespace {

using Judgement = PromiseFound::Judgement;

/// Within which a fault is to be noticed, in seconds (docs/cluster.md): three heartbeats.
constexpr double promised_kill = 1, promised_stop = 0.6;
/// Other work on the machine makes every time longer. Only beyond these factors of what is promised
/// does a time count against the program: the median, and the longest.
constexpr double lenient_median = 3, lenient_longest = 10;

PromiseFound judge_end(const DrillEvidence& evidence) {
  const RunEnd& end = *evidence.end;
  PromiseFound row{end.server_told ? "the run ends when it is told to" : "the run ends by itself",
                   end.broken, kept_if(end.broken.empty())};
  if (end.broken.empty()) {
    row.found = (evidence.findings ? evidence.findings->outcome : "ended") + " after " +
                text("%.0f s", end.seconds);
  }
  return row;
}

PromiseFound judge_faults(const DrillEvidence& evidence) {
  const auto& made = evidence.made;
  std::string found = std::to_string(made.size()) + " of " + std::to_string(evidence.planned) + ":";
  for (const FaultRow& row : fault_rows()) {
    const auto of_kind = std::count_if(made.begin(), made.end(), [&](const MadeFault& fault) {
      return fault.planned.kind == row.kind;
    });
    if (of_kind > 0) found += " " + std::string(row.name) + " " + std::to_string(of_kind);
  }
  // A plan as long as the run goes on without those that came too late for it.
  const bool enough = evidence.kills_wanted ? made.size() == evidence.planned : !made.empty();
  if (made.size() < evidence.planned) found += "; then the run was over";
  return {"the faults of the plan were made", found, kept_if(enough)};
}

PromiseFound judge_server(const DrillEvidence& evidence) {
  const bool bad = evidence.end->server && !evidence.end->broken.empty();
  return {"no fault brings the server down",
          bad ? evidence.end->broken : "it ended only when it was to", kept_if(!bad)};
}

PromiseFound judge_workers(const DrillEvidence& evidence) {
  const RunEnd& end = *evidence.end;
  std::string found = std::to_string(end.goodbyes) + " ended with the run";
  if (end.told > 0) found += ", " + std::to_string(end.told) + " without a connection when told to";
  if (end.hung > 0) found += ", " + std::to_string(end.hung) + " HANG";
  for (const std::string& deserter : end.deserters) found += "; " + deserter;
  if (end.hung == 0 && !evidence.integrity && !end.deserters.empty()) {
    return {"workers end only when they are to", found + " (bits were flipped in plain text)",
            Judgement::not_judged};
  }
  return {"workers end only when they are to", found,
          kept_if(end.hung == 0 && end.deserters.empty())};
}

PromiseFound judge_loss(const DrillEvidence& evidence) {
  PromiseFound row{"the final loss lies in the band of undisturbed runs", "",
                   Judgement::not_judged};
  const auto& losses = evidence.undisturbed;
  if (!evidence.findings || !evidence.findings->final_loss) {
    row.found = "there is no final loss";
    row.judgement = Judgement::broken;
    return row;
  }
  const double loss = *evidence.findings->final_loss;
  row.found = text("%.6g", loss);
  if (losses.size() < 2) {
    row.found += "; no undisturbed runs to compare it with";
    return row;
  }
  const LossBand band = loss_band(losses, band_confidence);
  row.found += text("; %.6g", band.mean) + text(" (%.6g to", band.lower) +
               text(" %.6g)", band.upper) + " of " + std::to_string(losses.size()) + " runs";
  if (!evidence.integrity) {
    row.found += "; bits were flipped in plain text, which nothing notices";
    return row;
  }
  row.judgement = kept_if(band.holds(loss));
  return row;
}

PromiseFound judge_account(const DrillEvidence& evidence) {
  PromiseFound row{"every gradient is accounted for", evidence.no_findings, Judgement::broken};
  if (!evidence.findings) return row;
  row.found = evidence.findings->discrepancy;
  std::uint64_t noticed = 0;
  for (const auto& [kind, notices] : evidence.notices) noticed += notices.seconds.size();
  // What a killed server had noticed may be cut off the log with its last updates.
  if (evidence.restarts.empty() && noticed > evidence.findings->downs) {
    row.found += "workers noticed to be down, more than the log has (" + std::to_string(noticed) +
                 ", not " + std::to_string(evidence.findings->downs) + ")";
  }
  if (!row.found.empty()) return row;
  for (const auto& [name, count] : evidence.findings->account) {
    row.found += (row.found.empty() ? "" : ", ") + std::to_string(count) + " " + name;
  }
  row.judgement = Judgement::kept;
  return row;
}

PromiseFound judge_replay(const DrillEvidence& evidence) {
  PromiseFound row{"the log replays to the same bits", "not tried", Judgement::not_judged};
  if (!evidence.replays) return row;
  row.found = *evidence.replays ? "the same model file" : "another model";
  row.judgement = kept_if(*evidence.replays);
  if (!*evidence.replays && !evidence.integrity) {
    row.found += " (bits were flipped in plain text)";
    row.judgement = Judgement::not_judged;
  }
  return row;
}

PromiseFound judge_notice(const std::string& promise, double promised, const Notices& notices,
                          double longest_pause) {
  PromiseFound row{promise, "", Judgement::not_judged};
  std::vector<double> times = notices.seconds;
  std::sort(times.begin(), times.end());
  const std::size_t all = times.size() + notices.missed;
  if (all == 0) {
    row.found = "none that the server counted on";
    return row;
  }
  // What was over before it was noticed counts as later than all others.
  const auto at = [&](double share) {
    const auto index = static_cast<std::size_t>(share * static_cast<double>(all - 1));
    return index < times.size() ? times[index] : INFINITY;
  };
  const auto in_time = std::upper_bound(times.begin(), times.end(), promised) - times.begin();
  row.found = std::to_string(in_time) + " of " + std::to_string(all) +
              text(" within %.1f s", promised) + text("; median %.3f s", at(0.5)) +
              text(", 95 %% %.3f s", at(0.95)) +
              text(", longest %.3f s", times.empty() ? INFINITY : times.back());
  if (notices.missed > 0) row.found += "; " + std::to_string(notices.missed) + " over before";
  row.found += text("; the drill itself stood still for up to %.3f s", longest_pause);
  const bool longest_bearable = times.empty() || times.back() <= lenient_longest * promised;
  row.judgement = kept_if(at(0.5) <= lenient_median * promised && longest_bearable);
  return row;
}

PromiseFound judge_strangers(const DrillEvidence& evidence) {
  const StrangerCounts& counts = evidence.strangers;
  std::string found = std::to_string(counts.connections) + " connections without a hello, " +
                      std::to_string(counts.refused) + " refused by token, " +
                      std::to_string(counts.shut_out) + " found no connection, " +
                      std::to_string(counts.let_in) + " let in";
  if (counts.nobody_there > 0)
    found += ", " + std::to_string(counts.nobody_there) + " came in vain";
  if (counts.odd > 0) found += ", " + std::to_string(counts.odd) + " ended otherwise";
  bool kept = counts.let_in == 0 && counts.odd == 0;
  if (evidence.findings) {
    const auto& oddities = evidence.findings->oddities;
    const auto counted = oddities.find("refused: token");
    const std::uint64_t by_server = counted == oddities.end() ? 0 : counted->second;
    found += "; the server counted " + std::to_string(by_server) + " by token";
    // A server that was killed has forgotten those that it refused, and one that was stopped
    // refuses some that have gone meanwhile.
    const bool restarted = !evidence.restarts.empty();
    const std::uint64_t most = counts.refused + (evidence.pauses.empty() ? 0 : counts.shut_out);
    kept = kept && by_server <= most && (restarted || by_server >= counts.refused);
  }
  return {"strangers are refused, counted, and without effect", found, kept_if(kept)};
}

Notices notices_of(const DrillEvidence& evidence, FaultKind kind) {
  const auto& all = evidence.notices;
  const auto found = all.find(kind);
  return found == all.end() ? Notices() : found->second;
}

}  // namespace

std::vector<PromiseFound> judge(const DrillEvidence& evidence) {
  std::vector<PromiseFound> rows = {
      judge_end(evidence),
      evidence.steps ? judge_steps(*evidence.steps, evidence.made) : judge_faults(evidence),
      judge_server(evidence),
      judge_workers(evidence),
      judge_account(evidence),
      judge_loss(evidence),
      judge_replay(evidence)};
  const auto made = [&](FaultKind kind) {
    const auto& faults = evidence.made;
    return std::any_of(faults.begin(), faults.end(),
                       [&](const MadeFault& fault) { return fault.planned.kind == kind; });
  };
  if (made(FaultKind::kill)) {
    rows.push_back(judge_notice("a killed worker is noticed within 1 s", promised_kill,
                                notices_of(evidence, FaultKind::kill),
                                evidence.end->longest_pause));
  }
  if (made(FaultKind::stop)) {
    rows.push_back(judge_notice("a stopped worker is noticed within three heartbeats",
                                promised_stop, notices_of(evidence, FaultKind::stop),
                                evidence.end->longest_pause));
  }
  if (made(FaultKind::stranger)) rows.push_back(judge_strangers(evidence));
  if (!evidence.pauses.empty()) rows.push_back(judge_pauses(evidence.pauses));
  if (!evidence.shard_deaths.empty()) rows.push_back(judge_shard_deaths(evidence.shard_deaths));
  if (!evidence.restarts.empty()) {
    rows.push_back(judge_restarts(evidence.restarts, evidence.end->broken.empty()));
    rows.push_back(judge_durability(evidence.restarts, evidence.durability));
  }
  return rows;
}

bool all_kept(const std::vector<PromiseFound>& verdict) {
  return std::none_of(verdict.begin(), verdict.end(),
                      [](const PromiseFound& row) { return row.judgement == Judgement::broken; });
}

nlohmann::ordered_json to_json(const std::vector<PromiseFound>& verdict) {
  static constexpr const char* words[] = {"kept", "broken", "not judged"};
  auto json = nlohmann::ordered_json::array();
  for (const PromiseFound& row : verdict) {
    json.push_back({{"promise", row.promise},
                    {"found", row.found},
                    {"judgement", words[static_cast<int>(row.judgement)]}});
  }
  return json;
}

}  // namespace syncline
