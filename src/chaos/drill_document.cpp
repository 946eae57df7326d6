#include "chaos/drill_document.hpp"

#include "syncline/version.hpp"

namespace syncline {
namespace {

using Json = nlohmann::ordered_json;

Json to_json(const MadeFault& made) {
  Json json = to_json(made.planned);
  if (!made.planned.step) json["planned"] = made.planned.time;
  json["time"] = made.time;
  json["as"] = made.seat == DrillFleet::nobody ? Json(nullptr) : Json(made.seat);
  return json;
}

}  // namespace

Json drill_document(const Settings& job, const DrillEvidence& evidence) {
  Json document = {{"schema", 1},
                   {"kind", "chaos"},
                   {"version", version},
                   {"command", ""},
                   {"config", to_json(job, Command::train)}};
  document["seconds"] = evidence.end->seconds;
  document["longest_pause"] = evidence.end->longest_pause;
  document["faults"] = Json::array();
  for (const MadeFault& made : evidence.made) document["faults"].push_back(to_json(made));
  if (evidence.steps) document["steps"] = to_json(*evidence.steps, evidence.made);
  document["noticed"] = Json::object();
  for (const auto& [kind, notices] : evidence.notices) {
    document["noticed"][row_of(kind).name] = {{"seconds", notices.seconds},
                                              {"over_before", notices.missed},
                                              {"unknowable", notices.unknowable}};
  }
  document["restarts"] = Json::array();
  for (const ServerRestart& restart : evidence.restarts) {
    document["restarts"].push_back(
        {{"seen", restart.seen},
         {"resumed", restart.resumed ? Json(*restart.resumed) : Json(nullptr)},
         {"down", restart.down},
         {"all_up", restart.all_up ? Json(*restart.all_up) : Json(nullptr)}});
  }
  document["pauses"] = Json::array();
  for (const ServerPause& pause : evidence.pauses) {
    document["pauses"].push_back(
        {{"fault", row_of(pause.kind).name}, {"alone", pause.alone}, {"anew", pause.anew}});
  }
  document["shard_deaths"] = Json::array();
  for (const ShardDeath& death : evidence.shard_deaths) {
    document["shard_deaths"].push_back({{"seconds", death.seconds}, {"named", death.named}});
  }
  document["undisturbed"] = evidence.undisturbed;
  document["final_loss"] = nullptr;
  document["gradients"] = nullptr;
  if (evidence.findings) {
    if (evidence.findings->final_loss) document["final_loss"] = *evidence.findings->final_loss;
    document["gradients"] = evidence.findings->account;
    document["oddities"] = evidence.findings->oddities;
  }
  const auto verdict = judge(evidence);
  document["verdict"] = to_json(verdict);
  document["passed"] = all_kept(verdict);
  return document;
}

}  // namespace syncline
