#pragma once

#include <optional>
#include <vector>

#include "chaos/promise_found.hpp"
#include "chaos/server_side.hpp"

namespace syncline {

/// That workers bear a short stop of the server, and come back after a long one.
[[nodiscard]] PromiseFound judge_pauses(const std::vector<ServerPause>& pauses);

/// That a dead shard ends the run at once, and by its name.
[[nodiscard]] PromiseFound judge_shard_deaths(const std::vector<ShardDeath>& deaths);

/// That workers come back to a server that was started again.
[[nodiscard]] PromiseFound judge_restarts(const std::vector<ServerRestart>& restarts,
                                          bool run_went_on);

/// That a server that went on had lost no more than it may. `durability`: updates; nullopt: any.
[[nodiscard]] PromiseFound judge_durability(const std::vector<ServerRestart>& restarts,
                                            const std::optional<std::uint64_t>& durability);

}  // namespace syncline
