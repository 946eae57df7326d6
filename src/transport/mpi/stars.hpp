#pragma once

namespace syncline {

/// Which ranks of a job speak with which. Rank 0 is the server, ranks 1 to `shards` hold slices of
/// its parameters, all others are workers. The server and each shard are the middle of a star: of
/// one server and those who call it. No two ranks are in two stars together.
struct Stars {
  int rank = 0;  ///< this one
  int shards = 0;

  [[nodiscard]] bool is_shard(int any) const { return 1 <= any && any <= shards; }
  [[nodiscard]] bool is_server() const { return rank <= shards; }
  /// Whether this rank and the other are in a star together.
  [[nodiscard]] bool linked(int other) const {
    return other != rank && (rank == 0 || other == 0 || is_shard(rank) != is_shard(other));
  }
  /// The middle of the star that this rank and the other are in: one of the two.
  [[nodiscard]] int star_with(int other) const {
    if (is_shard(rank)) return rank;
    return is_shard(other) ? other : 0;
  }
};

}  // namespace syncline
