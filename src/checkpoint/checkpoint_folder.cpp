#include "checkpoint/checkpoint_folder.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <system_error>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "base/atomic_file.hpp"
#include "base/checksum.hpp"
#include "checkpoint/stored_checkpoint.hpp"
#include "syncline/error.hpp"

namespace syncline {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view draft_prefix = ".writing-";
constexpr std::size_t digits = 8;

/// The number that is a folder's name; nullopt if it has another.
std::optional<std::uint64_t> number_of(const fs::path& folder) {
  const std::string name = folder.filename().string();
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
  if (name.size() < digits || error != std::errc() || end != name.data() + name.size()) return {};
  return number;
}

std::string name_of(std::uint64_t number) {
  const std::string plain = std::to_string(number);
  return std::string(digits - std::min(digits, plain.size()), '0') + plain;
}

/// The numbered folders, by falling number.
std::vector<fs::path> numbered(const fs::path& path) {
  std::vector<fs::path> all;
  std::error_code error;  // a folder that can't be listed has none
  for (fs::directory_iterator entry(path, error), end; !error && entry != end;
       entry.increment(error)) {
    if (number_of(entry->path())) all.push_back(entry->path());
  }
  std::sort(all.begin(), all.end(),
            [](const fs::path& a, const fs::path& b) { return number_of(a) > number_of(b); });
  return all;
}

const fs::path& made(const fs::path& path) {
  std::error_code error;
  fs::create_directories(path, error);
  if (error || !fs::is_directory(path)) {
    throw DataError("can't make the folder of checkpoints '" + path.string() +
                    "': " + (error ? error.message() : "a file is there"));
  }
  return path;
}

}  // namespace

CheckpointFolder::CheckpointFolder(fs::path path, std::uint32_t keep)
    : path_(std::move(path)), keep_(keep), lock_(made(path_) / "lock", path_) {
  std::vector<fs::path> leftovers;
  for (const auto& entry : fs::directory_iterator(path_)) {
    if (entry.path().filename().string().starts_with(draft_prefix)) {
      leftovers.push_back(entry.path());
    }
  }
  std::error_code ignored;  // what can't be removed is in nobody's way
  for (const fs::path& leftover : leftovers) fs::remove_all(leftover, ignored);
}

fs::path CheckpointFolder::draft() const {
  return path_ / (std::string(draft_prefix) + std::to_string(getpid()));
}

template <class Real>
fs::path CheckpointFolder::write(const nlohmann::json& state,
                                 std::span<const NamedVector<Real>> vectors) {
  const fs::path folder = draft();
  std::error_code ignored;
  try {
    made(folder);
    write_file_atomically(folder / checkpoint_state_file, {state.dump(), "\n"});
    write_vectors(folder / checkpoint_vectors_file, vectors);
    std::string sums;
    for (const char* name : {checkpoint_state_file, checkpoint_vectors_file}) {
      sums += file_digest(folder / name, "SHA256") + "  " + name + "\n";
    }
    write_file_atomically(folder / checkpoint_checksums_file, {sums});
    const fs::path published = publish(folder);
    prune();
    return published;
  } catch (...) {
    fs::remove_all(folder, ignored);
    throw;
  }
}

fs::path CheckpointFolder::publish(const fs::path& draft) {
  const auto before = numbered(path_);
  const fs::path target =
      path_ / name_of(before.empty() ? 1 : number_of(before.front()).value() + 1);
  std::error_code error;
  fs::rename(draft, target, error);
  if (error) throw DataError("can't write '" + target.string() + "': " + error.message());
  sync_folder(path_);
  return target;
}

void CheckpointFolder::prune() const {
  const auto all = numbered(path_);
  std::error_code ignored;
  for (std::size_t i = keep_; i < all.size(); ++i) {
    // First out of sight, so that a crash leaves no half of a checkpoint.
    fs::rename(all[i], draft(), ignored);
    fs::remove_all(draft(), ignored);
  }
}

std::vector<fs::path> checkpoints_in(const fs::path& path) {
  std::error_code ignored;
  if (fs::exists(path / checkpoint_state_file, ignored)) return {path};
  return numbered(path);
}

template fs::path CheckpointFolder::write(const nlohmann::json&,
                                          std::span<const NamedVector<float>>);
template fs::path CheckpointFolder::write(const nlohmann::json&,
                                          std::span<const NamedVector<double>>);

}  // namespace syncline
