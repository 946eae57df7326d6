#include "checkpoint/record_file.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <string>
#include <string_view>
#include <unistd.h>
#include <utility>
#include <zlib.h>

#include "base/atomic_file.hpp"
#include "syncline/error.hpp"

namespace syncline {
namespace {

constexpr std::string_view magic = "SYNCLINE-UPDATES-1\n";

struct Head {
  std::uint64_t length = 0;
  std::uint32_t checksum = 0;
};
constexpr std::size_t head_bytes = sizeof Head::length + sizeof Head::checksum;

std::uint32_t checksum_of(std::uint64_t length, std::span<const std::byte> record) {
  const uLong begun = crc32_z(0, reinterpret_cast<const Bytef*>(&length), sizeof length);
  // Of nothing at no address zlib gives 0, whatever came before: zeros would pass for a record.
  if (record.empty()) return static_cast<std::uint32_t>(begun);
  return static_cast<std::uint32_t>(
      crc32_z(begun, reinterpret_cast<const Bytef*>(record.data()), record.size()));
}

}  // namespace

RecordWriter::RecordWriter(const std::filesystem::path& path)
    : path_(path), file_(std::fopen(path.c_str(), "wbxe")) {
  if (!file_) fail();
  write(magic.data(), magic.size());
  sync();
  sync_folder(path.parent_path());
}

void RecordWriter::append(std::span<const std::byte> record) {
  const std::uint64_t length = record.size();
  const std::uint32_t checksum = checksum_of(length, record);
  write(&length, sizeof length);
  write(&checksum, sizeof checksum);
  write(record.data(), record.size());
}

void RecordWriter::sync() {
  if (std::fflush(file_.get()) != 0 || fdatasync(fileno(file_.get())) != 0) fail();
}

void RecordWriter::write(const void* bytes, std::size_t count) {
  if (count > 0 && std::fwrite(bytes, 1, count, file_.get()) != count) fail();
  bytes_ += count;
}

void RecordWriter::fail() const {
  throw DataError("can't write '" + path_.string() + "': " + std::strerror(errno));
}

RecordReader::RecordReader(const std::filesystem::path& path) : stream_(path, std::ios::binary) {
  std::error_code error;
  const auto size = std::filesystem::file_size(path, error);
  if (!stream_ || error) throw DataError("can't read '" + path.string() + "'");
  std::array<char, magic.size()> start{};
  if (size < start.size() || !stream_.read(start.data(), start.size())) return;
  std::string_view line(start.data(), start.size());
  // After a power failure a file may have its length before its contents: zeros.
  line = line.substr(0, line.find('\0'));
  if (line.size() < magic.size() && magic.starts_with(line)) return;
  if (line != magic) {
    throw DataError("'" + path.string() + "' holds no updates of this version of Syncline");
  }
  rest_ = size - start.size();
}

std::optional<std::vector<std::byte>> RecordReader::next() {
  const std::uint64_t available = std::exchange(rest_, 0);
  Head head;
  if (available < head_bytes) return std::nullopt;
  stream_.read(reinterpret_cast<char*>(&head.length), sizeof head.length);
  stream_.read(reinterpret_cast<char*>(&head.checksum), sizeof head.checksum);
  // Before anything is allocated for it.
  if (!stream_ || head.length > available - head_bytes) return std::nullopt;
  std::vector<std::byte> record(head.length);
  stream_.read(reinterpret_cast<char*>(record.data()), static_cast<std::streamsize>(head.length));
  if (!stream_ || checksum_of(head.length, record) != head.checksum) return std::nullopt;
  rest_ = available - head_bytes - head.length;
  return record;
}

}  // namespace syncline
