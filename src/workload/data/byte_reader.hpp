#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <memory>
#include <span>
#include <string>

namespace syncline {

/// Reads a hostile file front to back, unpacking it where it starts with gzip's magic number.
/// Offsets count unpacked bytes. Every failure is a DataError with path and offset. Not
/// thread-safe.
class ByteReader {
 public:
  /// Throws DataError if `path` is no readable regular file.
  explicit ByteReader(std::filesystem::path path);
  ~ByteReader();

  /// Fills all of `out`, or throws: a file that ends early is never half-used.
  void read(std::span<std::uint8_t> out);

  /// Throws unless the file (and its gzip checksum) ends here.
  void expect_end();

  /// At most so many bytes can still come. Check sizes from headers against it BEFORE allocating:
  /// a corrupt header must not cost more memory than the file could ever fill.
  [[nodiscard]] std::uint64_t most_left() const;

  [[nodiscard]] std::uint64_t offset() const { return offset_; }
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

  /// Throws the DataError that names this file and the current offset.
  [[noreturn]] void refuse(const std::string& what) const;

 private:
  struct Inflater;

  std::size_t unpack(std::span<std::uint8_t> out);
  std::size_t fill();

  std::filesystem::path path_;
  std::ifstream file_;
  std::uint64_t size_ = 0;    ///< of the file on disk
  std::uint64_t offset_ = 0;  ///< unpacked bytes handed out
  std::unique_ptr<Inflater> inflater_;
};

}  // namespace syncline
