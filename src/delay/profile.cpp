#include "syncline/delay_law.hpp"
#include "syncline/error.hpp"
#include "syncline/spec.hpp"

namespace syncline {
namespace {

struct GroupText {
  std::uint64_t count = 0;
  std::string law;
};

/// `4*exponential(rate=1)` apart; a star inside brackets belongs to the law (a file name).
GroupText parse_group(const std::string& piece, std::string_view fleet) {
  const auto star = piece.find('*');
  if (star == std::string::npos || star > piece.find('(')) {
    throw ConfigError("delay '" + std::string(fleet) + "': '" + piece +
                      "' needs a count, as in 4*" + piece);
  }
  const auto digits_end = piece.find_last_not_of(" \t", star == 0 ? 0 : star - 1);
  const std::string digits = star == 0 ? "" : piece.substr(0, digits_end + 1);
  GroupText group{parse_whole(digits, "the count in '" + piece + "'"), piece.substr(star + 1)};
  if (group.count == 0) throw ConfigError("the count in '" + piece + "' must be at least 1");
  return group;
}

std::vector<GroupText> parse_groups(std::string_view text, std::uint32_t workers) {
  const auto pieces = split_outside_brackets(text, ',');
  if (pieces.empty())
    throw ConfigError("the delay is empty; write for example exponential(rate=1)");
  const bool bare = pieces.size() == 1 && pieces[0].find('*') >= pieces[0].find('(');
  if (bare) return {{workers, pieces[0]}};

  std::vector<GroupText> groups;
  std::uint64_t sum = 0;
  for (const auto& piece : pieces) {
    groups.push_back(parse_group(piece, text));
    if (__builtin_add_overflow(sum, groups.back().count, &sum)) {
      throw ConfigError("delay '" + std::string(text) + "': the counts are too large");
    }
  }
  if (sum != workers) {
    throw ConfigError("delay '" + std::string(text) + "': its counts sum to " +
                      std::to_string(sum) + ", but there are " + std::to_string(workers) +
                      " workers");
  }
  return groups;
}

}  // namespace

DelayProfile DelayProfile::of(
    const std::vector<std::pair<std::uint32_t, std::shared_ptr<const DelayLaw>>>& groups) {
  DelayProfile profile;
  for (const auto& [count, law] : groups) {
    auto& merged = profile.groups_;
    if (!merged.empty() && merged.back().second->text() == law->text()) {
      merged.back().first += count;
    } else {
      merged.emplace_back(count, law);
    }
  }
  for (const auto& [count, law] : profile.groups_) {
    profile.by_worker_.insert(profile.by_worker_.end(), count, law.get());
    if (!profile.text_.empty()) profile.text_ += ",";
    const bool alone = profile.groups_.size() == 1;
    profile.text_ += (alone ? "" : std::to_string(count) + "*") + law->text();
  }
  return profile;
}

DelayProfile DelayProfile::parse(std::string_view text, std::uint32_t workers) {
  if (workers == 0) throw ConfigError("a fleet needs at least one worker");
  std::vector<std::pair<std::uint32_t, std::shared_ptr<const DelayLaw>>> groups;
  std::uint32_t first = 0;
  for (const auto& group : parse_groups(text, workers)) {
    const auto count = static_cast<std::uint32_t>(group.count);
    auto law = make_delay_law(group.law);
    law->check_workers(first, first + count);
    first += count;
    groups.emplace_back(count, std::move(law));
  }
  return of(groups);
}

}  // namespace syncline
