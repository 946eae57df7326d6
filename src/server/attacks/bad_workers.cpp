#include "server/attacks/bad_workers.hpp"

#include <algorithm>
#include <string>

namespace syncline {

std::vector<Parameter> bad_worker_parameters() {
  return {{"workers", "how many are bad: the first ones", "1"},
          {"who", "or which, as 0+3+5; empty: the first", ""}};
}

std::vector<bool> bad_workers(const Arguments& arguments, std::uint32_t workers) {
  std::vector<bool> bad(workers, false);
  const std::string fleet = "there are " + std::to_string(workers) + " workers";
  const std::uint64_t count = arguments.whole("workers");
  const auto who = split_outside_brackets(arguments.text("who"), '+');
  if (who.empty()) {
    if (count > workers) {
      arguments.refuse("workers", "can't be more than the fleet has: " + fleet);
    }
    std::fill_n(bad.begin(), count, true);
    return bad;
  }
  if (count != 1 && count != who.size()) {
    arguments.refuse("workers", "must be left out where who=" + arguments.text("who") + " names " +
                                    std::to_string(who.size()));
  }
  for (const auto& number : who) {
    const std::uint64_t worker = parse_whole(number, "'" + to_text(arguments.spec()) + "': who");
    if (worker >= workers) {
      arguments.refuse("who", "must name workers from 0 on, below their number: " + fleet);
    }
    bad[worker] = true;
  }
  return bad;
}

}  // namespace syncline
