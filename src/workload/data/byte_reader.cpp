#include "workload/data/byte_reader.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <system_error>
#include <zlib.h>

#include "workload/data/data_error.hpp"

namespace syncline {
namespace {

/// Deflate cannot pack better than 1032:1 (zlib's technical notes).
constexpr std::uint64_t best_ratio = 1040;

}  // namespace

struct ByteReader::Inflater {
  // 16 + 15: gzip wrapper, largest window. zlib checks the trailer's CRC and length itself.
  Inflater() { ready = inflateInit2(&stream, 16 + 15) == Z_OK; }
  ~Inflater() {
    if (ready) inflateEnd(&stream);
  }
  z_stream stream{};
  bool ready = false;
  bool ended = false;
  std::array<std::uint8_t, 1 << 16> packed;
};

ByteReader::ByteReader(std::filesystem::path path) : path_(std::move(path)) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(path_, error)) {
    throw DataError(path_.string() + ": no such file");
  }
  size_ = std::filesystem::file_size(path_, error);
  file_.open(path_, std::ios::binary);
  if (error || !file_) throw DataError(path_.string() + ": cannot be opened for reading");

  std::array<char, 2> magic{};
  file_.read(magic.data(), magic.size());
  const bool packed = file_.gcount() == 2 && magic[0] == '\x1f' && magic[1] == '\x8b';
  file_.clear();
  file_.seekg(0);
  if (packed) {
    inflater_ = std::make_unique<Inflater>();
    if (!inflater_->ready) throw DataError(path_.string() + ": no memory to unpack it");
  }
}

ByteReader::~ByteReader() = default;

void ByteReader::refuse(const std::string& what) const { throw data_error(path_, what, offset_); }

std::uint64_t ByteReader::most_left() const {
  if (!inflater_) return size_ > offset_ ? size_ - offset_ : 0;
  const std::uint64_t most = size_ > std::numeric_limits<std::uint64_t>::max() / best_ratio
                                 ? std::numeric_limits<std::uint64_t>::max()
                                 : size_ * best_ratio;
  return most > offset_ ? most - offset_ : 0;
}

std::size_t ByteReader::fill() {
  auto& packed = inflater_->packed;
  file_.read(reinterpret_cast<char*>(packed.data()), static_cast<std::streamsize>(packed.size()));
  inflater_->stream.next_in = packed.data();
  inflater_->stream.avail_in = static_cast<uInt>(file_.gcount());
  return inflater_->stream.avail_in;
}

std::size_t ByteReader::unpack(std::span<std::uint8_t> out) {
  z_stream& stream = inflater_->stream;
  std::size_t done = 0;
  while (done < out.size() && !inflater_->ended) {
    if (stream.avail_in == 0 && fill() == 0) break;
    const auto room = static_cast<uInt>(
        std::min<std::size_t>(out.size() - done, std::numeric_limits<uInt>::max()));
    stream.next_out = out.data() + done;
    stream.avail_out = room;
    const int result = inflate(&stream, Z_NO_FLUSH);
    done += room - stream.avail_out;
    if (result == Z_STREAM_END) {
      inflater_->ended = true;
    } else if (result != Z_OK && result != Z_BUF_ERROR) {
      offset_ += done;
      refuse(std::string("the gzip data is corrupt: ") +
             (stream.msg != nullptr ? stream.msg : "no further detail"));
    }
  }
  return done;
}

void ByteReader::read(std::span<std::uint8_t> out) {
  std::size_t got = 0;
  if (inflater_) {
    got = unpack(out);
  } else {
    file_.read(reinterpret_cast<char*>(out.data()), static_cast<std::streamsize>(out.size()));
    got = static_cast<std::size_t>(file_.gcount());
  }
  offset_ += got;
  if (got < out.size()) {
    refuse("ends early: " + std::to_string(out.size() - got) + " bytes more were expected");
  }
}

void ByteReader::expect_end() {
  std::uint8_t extra = 0;
  if (!inflater_) {
    if (file_.peek() != std::ifstream::traits_type::eof()) refuse("has bytes after its end");
    return;
  }
  // Asking for one byte more makes zlib read and check the trailer.
  if (!inflater_->ended && unpack({&extra, 1}) != 0) refuse("has bytes after its end");
  if (!inflater_->ended) refuse("ends early: the gzip trailer is incomplete");
  if (inflater_->stream.avail_in != 0 || fill() != 0) refuse("has bytes after the gzip trailer");
}

}  // namespace syncline
