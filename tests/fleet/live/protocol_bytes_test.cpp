// The worked bytes of docs/protocol.md are those that are sent.

#include <fstream>
#include <map>
#include <sstream>

#include <doctest/doctest.h>

#include "fleet/cluster/protocol.hpp"

namespace syncline {
namespace {

/// One message of each kind, by its name in the document. Bodies are 3 numbers of 4 bytes.
std::map<std::string, std::vector<std::byte>> examples() {
  std::map<std::string, std::vector<std::byte>> all;
  all["hello"] = encode(WorkerSays(Hello{protocol_version, "secret", 0, 0}));
  all["ready"] = encode(WorkerSays(Ready{3, 0}));
  all["heartbeat"] = encode(WorkerSays(Heartbeat{18}));
  all["result"] = encode(WorkerSays(Result{7, 17, 41, 1, 0.5, false}));
  all["steps-done"] = encode(WorkerSays(StepsDone{7, 17}));
  all["given-up"] = encode(WorkerSays(GivenUp{7, 17, 1, 4}));
  all["welcome"] = encode(ServerSays(Welcome{7, 2, 0.25, "{}", ""}));
  all["refusal"] = encode(ServerSays(Refusal{"full", true}));
  Assignment assignment;
  assignment.job.worker = 2;
  assignment.job.job = 17;
  assignment.job.read = 41;
  assignment.job.gradient = 17;
  assignment.job.work = {1, 1};
  assignment.step_size = 0.5;
  assignment.used = 17;
  assignment.read = 41;
  assignment.states = 1;
  all["assignment"] = encode(ServerSays(assignment));
  all["cancel"] = encode(ServerSays(CancelJob{17}));
  all["stop"] = encode(ServerSays(StopJob{17}));
  all["goodbye"] = encode(ServerSays(Goodbye{"bye"}));
  all["beat"] = encode(ServerSays(Beat{}));
  const float numbers[] = {1, -2, 0.5F};
  for (const char* name : {"result", "assignment"}) {
    const auto body = std::as_bytes(std::span<const float>(numbers));
    all[name].insert(all[name].end(), body.begin(), body.end());
  }
  return all;
}

std::string hexadecimal(const std::vector<std::byte>& bytes) {
  constexpr const char* digits = "0123456789abcdef";
  std::string text;
  for (const std::byte byte : bytes) {
    text += digits[std::to_integer<unsigned>(byte) / 16];
    text += digits[std::to_integer<unsigned>(byte) % 16];
  }
  return text;
}

/// The document's examples: lines of "name: bytes", continued by indented ones.
std::map<std::string, std::string> documented() {
  std::ifstream file(SYNCLINE_TEST_DATA "/../../docs/protocol.md");
  REQUIRE(file);
  std::map<std::string, std::string> all;
  std::string line, name;
  bool within = false;
  while (std::getline(file, line)) {
    if (line.starts_with("```")) within = line == "```bytes";
    if (!within || line.starts_with("```")) continue;
    if (const auto colon = line.find(':'); colon != std::string::npos) {
      name = line.substr(0, colon);
      line = line.substr(colon + 1);
    }
    for (const char c : line) {
      if (c != ' ') all[name] += c;
    }
  }
  return all;
}

TEST_CASE("the worked bytes of docs/protocol.md are those of the protocol, one of each kind") {
  const auto written = documented();
  const auto sent = examples();
  CHECK(sent.size() == std::variant_size_v<WorkerSays> + std::variant_size_v<ServerSays>);
  CHECK(written.size() == sent.size());
  for (const auto& [name, bytes] : sent) {
    CAPTURE(name);
    REQUIRE(written.contains(name));
    CHECK(written.at(name) == hexadecimal(bytes));
  }
}

}  // namespace
}  // namespace syncline
