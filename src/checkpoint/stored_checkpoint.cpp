#include "checkpoint/stored_checkpoint.hpp"

#include <fstream>
#include <iterator>

#include "base/checksum.hpp"
#include "base/hostile_json.hpp"

namespace syncline {
namespace {

[[noreturn]] void fail(const std::filesystem::path& folder, const std::string& why) {
  throw DataError("the checkpoint '" + folder.string() + "' can't be used: " + why);
}

std::string contents(const std::filesystem::path& folder, const char* name) {
  std::ifstream file(folder / name, std::ios::binary);
  if (!file) fail(folder, std::string("its file ") + name + " can't be read");
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

}  // namespace

StoredCheckpoint::StoredCheckpoint(const std::filesystem::path& folder)
    : folder_(folder), vectors_((check_sums(), folder / checkpoint_vectors_file)) {
  const std::string text = contents(folder_, checkpoint_state_file);
  if (nests_too_deep(text)) fail(folder_, "the brackets of its state nest too deep");
  state_ = nlohmann::json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!state_.is_object()) fail(folder_, "its state is no JSON object");
  for (const auto& entry : vectors_.entries()) by_name_[entry.name] = &entry;
}

void StoredCheckpoint::check_sums() const {
  std::string expected;
  for (const char* name : {checkpoint_state_file, checkpoint_vectors_file}) {
    if (!std::filesystem::is_regular_file(folder_ / name)) {
      fail(folder_, std::string("its file ") + name + " is missing");
    }
    expected += file_digest(folder_ / name, "SHA256") + "  " + name + "\n";
  }
  if (contents(folder_, checkpoint_checksums_file) != expected) {
    fail(folder_,
         std::string("a checksum in ") + checkpoint_checksums_file + " is not that of its file");
  }
}

template <class Real>
void StoredCheckpoint::read(const std::string& name, std::vector<Real>& vector) {
  const auto found = by_name_.find(name);
  if (found == by_name_.end()) fail(folder_, "it has no vector '" + name + "'");
  std::vector<Real> stored = vectors_.read<Real>(*found->second);
  if (stored.size() != vector.size()) {
    fail(folder_, "its vector '" + name + "' has " + std::to_string(stored.size()) +
                      " elements, not " + std::to_string(vector.size()) +
                      ": it is of another model");
  }
  vector = std::move(stored);
}

template void StoredCheckpoint::read(const std::string&, std::vector<float>&);
template void StoredCheckpoint::read(const std::string&, std::vector<double>&);

}  // namespace syncline
