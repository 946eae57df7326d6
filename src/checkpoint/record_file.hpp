#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace syncline {

/// Appends records to a new file: a line that says what it is, then each record as its length (64
/// bits, little-endian), the CRC-32 of length and bytes, and the bytes. Throws DataError; nothing
/// more may be appended then, since the last record may be half there. Not thread-safe.
class RecordWriter {
 public:
  explicit RecordWriter(const std::filesystem::path& path);

  void append(std::span<const std::byte> record);
  /// Everything appended outlives the process and the machine.
  void sync();
  [[nodiscard]] std::uint64_t bytes() const { return bytes_; }

 private:
  struct Closer {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  void write(const void* bytes, std::size_t count);
  [[noreturn]] void fail() const;

  std::filesystem::path path_;
  std::unique_ptr<std::FILE, Closer> file_;
  std::uint64_t bytes_ = 0;
};

/// Reads such a file up to its first record that is not whole: what a crash has cut, and nothing
/// that follows, is left out. Not thread-safe.
class RecordReader {
 public:
  /// Throws DataError if the file can't be opened. One whose first line is not whole is empty.
  explicit RecordReader(const std::filesystem::path& path);

  /// The next record; nullopt at the end.
  [[nodiscard]] std::optional<std::vector<std::byte>> next();

 private:
  std::ifstream stream_;
  std::uint64_t rest_ = 0;  ///< bytes not yet read; 0 from the end on
};

}  // namespace syncline
