#include "chaos/step_verdict.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include <nlohmann/json.hpp>

namespace syncline {
namespace {

using Judgement = PromiseFound::Judgement;
/// How often each kind comes at each message.
using PairCounts = std::map<std::pair<std::size_t, FaultKind>, std::uint64_t>;

PairCounts pairs_of(const std::vector<PlannedFault>& faults) {
  PairCounts counts;
  for (const PlannedFault& fault : faults) {
    if (fault.step) ++counts[{fault.step->message, fault.kind}];
  }
  return counts;
}

PairCounts pairs_of(const std::vector<MadeFault>& made) {
  std::vector<PlannedFault> faults;
  faults.reserve(made.size());
  for (const MadeFault& fault : made) faults.push_back(fault.planned);
  return pairs_of(faults);
}

std::uint64_t count_in(const PairCounts& counts, const PairCounts::key_type& pair) {
  const auto found = counts.find(pair);
  return found == counts.end() ? 0 : found->second;
}

void add(std::string& list, const std::string& text) { list += (list.empty() ? "" : ", ") + text; }

}  // namespace

PromiseFound judge_steps(const StepEvidence& evidence, const std::vector<MadeFault>& made_faults) {
  const PairCounts planned = pairs_of(evidence.plan);
  const PairCounts made = pairs_of(made_faults);
  std::uint64_t wanted = 0, done = 0;
  std::string whole, absent, missing;
  bool kept = true;
  for (std::size_t step = 0; step < protocol_message_count; ++step) {
    const ProtocolMessage& message = protocol_messages()[step];
    const auto& given_up = evidence.given_up;
    const bool came = std::find(given_up.begin(), given_up.end(), step) == given_up.end();
    std::string missing_here;
    std::uint64_t wanted_here = 0, done_here = 0;
    for (const FaultRow& row : fault_rows()) {
      const std::uint64_t want = count_in(planned, {step, row.kind});
      const std::uint64_t have = count_in(made, {step, row.kind});
      wanted_here += want;
      done_here += have;
      if (have < want) add(missing_here, row.name);
    }
    wanted += wanted_here;
    done += done_here;
    if (wanted_here == 0) continue;
    if (done_here == wanted_here) {
      add(whole, message.name);
    } else if (!came && done_here == 0) {
      add(absent, message.name);
    } else {
      missing += "; not made at " + std::string(message.name) + ": " + missing_here;
    }
    // What comes only now and then may stay away when the last faults wait for it.
    if (done_here < wanted_here && (came || message.always)) kept = false;
  }
  PromiseFound row{"each fault is made at each step of the protocol", "", kept_if(kept)};
  row.found = std::to_string(done) + " of " + std::to_string(wanted);
  if (!whole.empty()) row.found += ": each at " + whole;
  row.found += missing;
  if (!absent.empty()) row.found += "; waited for in vain: " + absent;
  return row;
}

nlohmann::ordered_json to_json(const StepEvidence& evidence, const std::vector<MadeFault>& made) {
  const PairCounts counts = pairs_of(made);
  auto json = nlohmann::ordered_json::array();
  for (std::size_t step = 0; step < protocol_message_count; ++step) {
    const ProtocolMessage& message = protocol_messages()[step];
    auto faults = nlohmann::ordered_json::object();
    for (const auto& [pair, planned] : pairs_of(evidence.plan)) {
      if (pair.first == step) faults[row_of(pair.second).name] = count_in(counts, pair);
    }
    json.push_back({{"message", message.name},
                    {"to", message.way == LinkWay::to_server ? "server" : "worker"},
                    {"passed", evidence.passed[step]},
                    {"faults", std::move(faults)}});
  }
  return json;
}

}  // namespace syncline
