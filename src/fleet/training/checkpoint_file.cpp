#include "fleet/training/checkpoint_file.hpp"

#include <cstdint>
#include <cstring>
#include <fstream>
#include <iterator>
#include <zlib.h>

#include "base/atomic_file.hpp"
#include "syncline/error.hpp"

namespace syncline {
namespace {

// magic | u64 length of the header | header | blobs | u32 CRC-32 of everything before it
constexpr std::string_view magic = "SYNCLINE-CHECKPOINT-1\n";

std::uint32_t crc(std::string_view bytes, std::uint32_t before) {
  return static_cast<std::uint32_t>(
      crc32_z(before, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
}

template <class Number>
std::string raw(Number number) {
  std::string bytes(sizeof number, '\0');
  std::memcpy(bytes.data(), &number, sizeof number);
  return bytes;
}

/// Takes pieces off a file's bytes; says what was missing.
class Reader {
 public:
  Reader(std::string_view bytes, std::string path) : bytes_(bytes), path_(std::move(path)) {}

  std::string_view take(std::uint64_t count, const char* what) {
    if (count > bytes_.size()) fail(std::string("it ends within the ") + what);
    const std::string_view piece = bytes_.substr(0, count);
    bytes_.remove_prefix(count);
    return piece;
  }
  template <class Number>
  Number number(const char* what) {
    Number value;
    std::memcpy(&value, take(sizeof value, what).data(), sizeof value);
    return value;
  }
  [[nodiscard]] bool empty() const { return bytes_.empty(); }
  [[noreturn]] void fail(const std::string& why) const {
    throw DataError("the checkpoint '" + path_ + "' can't be used: " + why);
  }

 private:
  std::string_view bytes_;
  std::string path_;
};

}  // namespace

void CheckpointFile::write(const std::filesystem::path& path) const {
  nlohmann::json complete = header;
  complete["blobs"] = nlohmann::json::array();
  std::string body;
  for (const std::string& blob : blobs) {
    complete["blobs"].push_back(blob.size());
    body += blob;
  }
  const std::string text = complete.dump();
  std::string head(magic);
  head += raw(static_cast<std::uint64_t>(text.size())) + text;
  const std::uint32_t checksum = crc(body, crc(head, 0));
  write_file_atomically(path, {head, body, raw(checksum)});
}

CheckpointFile CheckpointFile::read(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw DataError("can't open the checkpoint '" + path.string() + "'");
  const std::string bytes((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  Reader all(bytes, path.string());
  if (bytes.size() < magic.size() + sizeof(std::uint64_t) + sizeof(std::uint32_t)) {
    all.fail("it is too short");
  }
  const std::string_view content(bytes.data(), bytes.size() - sizeof(std::uint32_t));
  Reader tail(std::string_view(bytes).substr(content.size()), path.string());
  Reader reader(content, path.string());
  if (reader.take(magic.size(), "magic") != magic) {
    all.fail("it is no checkpoint, or one of another version");
  }
  if (tail.number<std::uint32_t>("checksum") != crc(content, 0)) {
    all.fail("its checksum is wrong: it is damaged");
  }
  CheckpointFile checkpoint;
  try {
    checkpoint.header =
        nlohmann::json::parse(reader.take(reader.number<std::uint64_t>("length"), "header"));
    for (const auto& size : checkpoint.header.at("blobs")) {
      checkpoint.blobs.emplace_back(reader.take(size.get<std::uint64_t>(), "vectors"));
    }
  } catch (const nlohmann::json::exception& error) {
    all.fail(error.what());
  }
  if (!reader.empty()) all.fail("it has bytes too many");
  return checkpoint;
}

}  // namespace syncline
