#include "chaos/fault_draw.hpp"

#include <algorithm>

namespace syncline {
namespace {

constexpr double longest_latency = 0.15;
constexpr std::uint64_t most_bytes = 4;

}  // namespace

FaultKind draw_fault_kind(const std::vector<FaultKind>& kinds, DrawStream& draws) {
  double sum = 0;
  for (const FaultKind kind : kinds) sum += row_of(kind).weight;
  double at = sum * draws.uniform();
  for (const FaultKind kind : kinds) {
    at -= row_of(kind).weight;
    if (at < 0) return kind;
  }
  return kinds.back();
}

PlannedFault draw_fault(FaultKind kind, const FaultPlanSettings& settings, DrawStream& draws) {
  PlannedFault fault;
  fault.kind = kind;
  const FaultRow& row = row_of(kind);
  const auto worker = static_cast<std::uint32_t>(draws.below(settings.workers));
  const double lasts = draws.uniform();
  const double latency = draws.uniform();
  const auto bytes = static_cast<std::uint32_t>(1 + draws.below(most_bytes));
  const auto way = static_cast<LinkWay>(draws.below(3));
  const auto stranger = static_cast<StrangerKind>(draws.below(settings.tls ? 4 : 3));
  fault.key = draws.bits();
  const auto shard = static_cast<std::uint32_t>(draws.below(std::max(1U, settings.shards)));
  if (row.target == FaultTarget::worker) fault.worker = worker;
  fault.lasts = row.shortest + lasts * (row.longest - row.shortest);
  if (kind == FaultKind::delay) fault.latency = latency * longest_latency;
  if (kind == FaultKind::corrupt) fault.bytes = bytes;
  if (kind == FaultKind::partition || kind == FaultKind::corrupt) fault.way = way;
  if (kind == FaultKind::shard_kill || kind == FaultKind::shard_stop) fault.shard = shard;
  if (kind == FaultKind::stranger) fault.stranger = stranger;
  return fault;
}

}  // namespace syncline
