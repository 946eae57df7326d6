// Checkpoints and the updates kept beside them.

#include <nlohmann/json.hpp>

#include "base/checksum.hpp"
#include "checkpoint/checkpoint_folder.hpp"
#include "checkpoint/record_file.hpp"
#include "checkpoint/stored_checkpoint.hpp"
#include "fleet/live/update_journal.hpp"
#include "input_file.hpp"
#include "syncline/error.hpp"
#include "targets/entries.hpp"
#include "targets/messages.hpp"

namespace syncline::fuzz {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t payload_length = 3;
constexpr PayloadShape shape{payload_length};

std::string in_checkpoint(const std::string& file) { return "checkpoints/00000001/" + file; }

/// Makes the folder anew, with whole files.
fs::path whole_checkpoint() {
  const fs::path folder = own_folder() / "checkpoints";
  fs::remove_all(folder);
  const std::vector<float> values = {1, -2, 0.5};
  const std::vector<NamedVector<float>> vectors = {{"state", values}};
  return CheckpointFolder(folder, 1).write<float>({{"version", 3}, {"points", {0.5, 1}}}, vectors);
}

/// So that what the files say is looked at, and not only that they were changed.
void put_sums_right(const fs::path& folder) {
  std::string sums;
  for (const char* name : {checkpoint_state_file, checkpoint_vectors_file}) {
    sums += file_digest(folder / name, "SHA256") + "  " + name + "\n";
  }
  own_folder().write(in_checkpoint(checkpoint_checksums_file), sums);
}

void read_checkpoint(const fs::path& folder) {
  StoredCheckpoint stored(folder);
  promise(stored.state().is_object(), "the state is an object");
  std::vector<float> state(payload_length);
  stored.read("state", state);
  promise(state.size() == payload_length, "vectors are of the length that is wanted");
}

void read_updates(const fs::path& folder) {
  JournalReader<float> reader(folder, shape);
  while (const auto entry = reader.next()) {
    const auto* input = std::get_if<FleetInput<float>>(&*entry);
    if (input == nullptr || input->event.kind != FleetEvent::Kind::arrival) continue;
    const Payload<float>& payload = input->payload;
    promise(payload.values.size() == payload_length, "payloads are of the model");
    const auto& [velocity, unsent] = payload.outcome.memory;
    promise(!velocity || velocity->size() == payload_length, "momenta are of the model");
    promise(!unsent || (unsent->size() == 1 &&
                        (unsent->front().empty() || unsent->front().size() == payload_length)),
            "what was not sent is of the model");
  }
}

/// The first letter says what the rest is: a file of the checkpoint, or one record of the updates.
void take(std::string_view input) {
  const char kind = input.empty() ? ' ' : input.front();
  const std::string rest(input.substr(input.empty() ? 0 : 1));
  const fs::path folder = whole_checkpoint();
  switch (kind) {
    case 's':
      own_folder().write(in_checkpoint(checkpoint_state_file), rest);
      put_sums_right(folder);
      return read_checkpoint(folder);
    case 't':
      own_folder().write(in_checkpoint(checkpoint_vectors_file), rest);
      put_sums_right(folder);
      return read_checkpoint(folder);
    case 'c':
      own_folder().write(in_checkpoint(checkpoint_checksums_file), rest);
      return read_checkpoint(folder);
    case 'u':
      own_folder().write(in_checkpoint(checkpoint_updates_file), rest);
      return read_updates(folder);
    case 'r': {
      RecordWriter writer(folder / checkpoint_updates_file);
      writer.append({});
      writer.append(bytes_of(rest));
      writer.sync();
      return read_updates(folder);
    }
    default:
      throw DataError("no kind of file");
  }
}

/// A file of updates of each kind.
std::string updates() {
  const fs::path folder = whole_checkpoint();
  Payload<float> payload;
  payload.values = {1, 2, 3};
  payload.outcome.steps = 1;
  payload.outcome.memory.velocity = std::make_shared<std::vector<float>>(payload.values);
  payload.outcome.memory.unsent =
      std::make_shared<const std::vector<std::vector<float>>>(1, payload.values);
  JournalWriter<float> writer(folder, "", 3, 1);
  writer.write(FleetEvent{FleetEvent::Kind::arrival, 0.5, 1}, &payload);
  writer.write(FleetEvent{FleetEvent::Kind::down, 0.75, 1});
  writer.write(FleetNews{"news"});
  writer.write(Abandoned{});
  writer.reached(4);
  return testing::read_file(folder / checkpoint_updates_file);
}

std::vector<std::string> seeds() {
  const fs::path folder = whole_checkpoint();
  std::vector<std::string> files;
  for (const auto& [kind, name] : {std::pair{"s", checkpoint_state_file},
                                   {"t", checkpoint_vectors_file},
                                   {"c", checkpoint_checksums_file}}) {
    files.push_back(kind + testing::read_file(folder / name));
  }
  files.push_back("u" + updates());
  RecordReader reader(folder / checkpoint_updates_file);
  while (const auto record = reader.next()) files.push_back("r" + text_of(*record));
  return accepted(checkpoint_target, files);
}

}  // namespace

const Target checkpoint_target{"checkpoint", "a file of a checkpoint", take, seeds};

}  // namespace syncline::fuzz
