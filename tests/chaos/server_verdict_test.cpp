#include "chaos/server_verdict.hpp"

#include <doctest/doctest.h>

namespace syncline {
namespace {

using Judgement = PromiseFound::Judgement;

TEST_CASE("workers must bear a short stop of the server alone, and may end their connection else") {
  const ServerPause borne{FaultKind::server_stop, true, 0};
  const ServerPause not_borne{FaultKind::server_stop, true, 1};
  const ServerPause beside{FaultKind::server_stop, false, 2};
  const ServerPause hang{FaultKind::server_hang, true, 3};
  const PromiseFound kept = judge_pauses({borne, beside, hang});
  CHECK(kept.judgement == Judgement::kept);
  CHECK(kept.found ==
        "2 stops: 0 times a worker lost patience; 1 longer than that: 3 times a worker connected "
        "anew");
  CHECK(judge_pauses({borne, not_borne}).judgement == Judgement::broken);
}

TEST_CASE("a dead shard must be named, and the run not outlive it by far") {
  CHECK(judge_shard_deaths({{0.01, true}, {9.9, true}}).judgement == Judgement::kept);
  CHECK(judge_shard_deaths({{0.01, true}, {9.9, true}}).found ==
        "1 of 2 within 1 s, longest 9.900 s; 2 of 2 named");
  CHECK(judge_shard_deaths({{0.01, true}, {0.01, false}}).judgement == Judgement::broken);
  CHECK(judge_shard_deaths({{10.1, true}}).judgement == Judgement::broken);
}

}  // namespace
}  // namespace syncline
