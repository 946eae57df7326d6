// What is kept beside checkpoints: read back as it was written, or refused by the name of its file.

#include "fleet/live/update_journal.hpp"

#include <doctest/doctest.h>

#include "base/message_bytes.hpp"
#include "checkpoint/stored_checkpoint.hpp"
#include "support/temporary_folder.hpp"
#include "syncline/error.hpp"

namespace syncline {
namespace {

namespace fs = std::filesystem;
using testing::TemporaryFolder;
using Vector = std::vector<double>;

constexpr PayloadShape shape{3, 2, 1};

fs::path checkpoint(const TemporaryFolder& folder, const std::string& name) {
  fs::create_directories(folder / name);
  return folder / name;
}

Payload<double> payload(std::size_t values, std::size_t velocity,
                        const std::vector<Vector>& unsent) {
  Payload<double> payload;
  payload.values = Vector(values, 1.5);
  payload.outcome.steps = 1;
  payload.outcome.loss = 0.25;
  payload.outcome.memory.velocity = std::make_shared<Vector>(velocity, -2.0);
  payload.outcome.memory.unsent = std::make_shared<const std::vector<Vector>>(unsent);
  return payload;
}

void write(const fs::path& checkpoint, const std::string& follows, const Payload<double>& payload) {
  JournalWriter<double> writer(checkpoint, follows, 0, 0);
  writer.write(FleetEvent{FleetEvent::Kind::arrival, 0.5, 1}, &payload);
  writer.reached(1);
}

/// All that is read from the checkpoint on; what was thrown instead, if something was.
std::string read(const fs::path& checkpoint, std::vector<Payload<double>>* payloads = nullptr) {
  try {
    JournalReader<double> reader(checkpoint, shape);
    while (auto entry = reader.next()) {
      if (payloads) payloads->push_back(std::get<FleetInput<double>>(*entry).payload);
    }
  } catch (const MalformedMessage& error) {
    return std::string("of no file: ") + error.what();
  } catch (const DataError& error) {
    return error.what();
  }
  return "";
}

bool says(const std::string& message, const fs::path& checkpoint, const std::string& why) {
  const std::string file = "'" + (checkpoint / checkpoint_updates_file).string() + "'";
  return message.find(file) != std::string::npos && message.find(why) != std::string::npos &&
         message.find("remove this file") != std::string::npos;
}

TEST_CASE("payloads kept beside checkpoints, and all that workers remember, are read back") {
  const TemporaryFolder folder;
  const Vector some = {1, -2, 3};
  write(checkpoint(folder, "00000001"), "", payload(7, 3, {some, {}}));
  write(checkpoint(folder, "00000002"), "00000001", payload(7, 3, {}));
  std::vector<Payload<double>> payloads;
  CHECK(read(folder / "00000001", &payloads) == "");
  REQUIRE(payloads.size() == 2);
  CHECK(payloads[0].values == Vector(7, 1.5));
  CHECK(*payloads[0].outcome.memory.velocity == Vector(3, -2.0));
  CHECK(*payloads[0].outcome.memory.unsent == std::vector<Vector>{some, {}});
  CHECK(payloads[1].outcome.memory.unsent == nullptr);
}

TEST_CASE("a kept vector of another length is refused by the name of its file, and not copied") {
  const TemporaryFolder folder;
  const Vector right(3), wrong(4);
  const struct {
    Payload<double> payload;
    const char* why;
  } cases[] = {
      {payload(6, 3, {right, right}), "a payload has 6 numbers, not 7"},
      {payload(7, 2, {right, right}), "a momentum has 2 numbers, not 3"},
      {payload(7, 0, {right, right}), "a momentum has 0 numbers, not 3"},
      {payload(7, 3, {right, wrong}), "what was not sent has 4 numbers, not 3"},
      {payload(7, 3, {right}), "of 1 vectors, not of 2"},
      {payload(7, 3, {right, right, right}), "of 3 vectors, not of 2"},
  };
  std::size_t number = 0;
  for (const auto& [payload, why] : cases) {
    CAPTURE(why);
    const fs::path at = checkpoint(folder, "0000000" + std::to_string(++number));
    write(at, "", payload);
    const std::string message = read(at);
    CAPTURE(message);
    CHECK(says(message, at, why));
  }
}

TEST_CASE("a later checkpoint whose first record makes no sense is refused by name") {
  const TemporaryFolder folder;
  write(checkpoint(folder, "00000001"), "", payload(7, 3, {}));
  const fs::path later = checkpoint(folder, "00000002");
  {
    RecordWriter writer(later / checkpoint_updates_file);
    writer.append({});
    writer.sync();
  }
  const std::string message = read(folder / "00000001");
  CAPTURE(message);
  CHECK(says(message, later, "cut short"));
}

}  // namespace
}  // namespace syncline
