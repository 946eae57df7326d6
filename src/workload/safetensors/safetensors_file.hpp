#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

namespace syncline {

/// A safetensors file, its header read and checked; elements are read tensor by tensor. The file is
/// hostile until checked: header of at most 100 MB, offsets that cover the elements without gap or
/// overlap, no name twice. Not thread-safe.
class SafetensorsFile {
 public:
  /// Where a tensor is.
  struct Entry {
    std::string name;
    std::string type;  ///< "F32" or "F64"
    std::vector<std::int64_t> shape;
    std::uint64_t begin = 0, end = 0;  ///< bytes, from the end of the header
  };

  /// Throws DataError with the path and what is wrong.
  explicit SafetensorsFile(const std::filesystem::path& path);

  /// All tensors, in the order of their places.
  [[nodiscard]] const std::vector<Entry>& entries() const { return entries_; }
  /// The elements of a tensor, row-major, in a type that holds them exactly. Throws DataError if
  /// the file can't be read, or holds F64 where floats are wanted.
  template <class Real>
  [[nodiscard]] std::vector<Real> read(const Entry& entry);

  [[noreturn]] void fail(const std::string& why) const;

 private:
  void read_into(void* target, std::uint64_t bytes);
  [[nodiscard]] nlohmann::json parse(const std::string& text) const;
  [[nodiscard]] Entry entry_of(const std::string& name, const nlohmann::json& json) const;

  std::filesystem::path path_;
  std::ifstream stream_;
  std::uint64_t size_ = 0;
  std::uint64_t elements_ = 0;  ///< where they begin in the file
  std::vector<Entry> entries_;
};

/// A vector under a name, to be written.
template <class Real>
struct NamedVector {
  std::string name;
  std::span<const Real> values;
};

/// A file of vectors, each a tensor of one dimension. Written whole or not at all. Throws
/// DataError.
template <class Real>
void write_vectors(const std::filesystem::path& path, std::span<const NamedVector<Real>> vectors);

}  // namespace syncline
