#pragma once

#include <cstdint>
#include <string>
#include <vector>
#include <zlib.h>

#include <doctest/doctest.h>

#include "support/temporary_folder.hpp"
#include "syncline/error.hpp"

namespace syncline::testing {

using Bytes = std::vector<std::uint8_t>;

inline Bytes gzipped(const Bytes& plain) {
  z_stream stream{};
  deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, 16 + 15, 8, Z_DEFAULT_STRATEGY);
  Bytes packed(deflateBound(&stream, plain.size()));
  stream.next_in = const_cast<Bytef*>(plain.data());
  stream.avail_in = static_cast<uInt>(plain.size());
  stream.next_out = packed.data();
  stream.avail_out = static_cast<uInt>(packed.size());
  const int result = deflate(&stream, Z_FINISH);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  REQUIRE(result == Z_STREAM_END);
  return packed;
}

/// A file cut at any byte must be refused by its name, as must one with a byte too many.
template <class Read>
void check_every_length(const Bytes& whole, Read&& read) {
  const TemporaryFolder folder;
  for (std::size_t length = 0; length < whole.size(); ++length) {
    CAPTURE(length);
    CHECK_THROWS_WITH_AS(read(folder.write("is cut", {whole.data(), length})),
                         doctest::Contains("is cut"), DataError);
  }
  Bytes longer = whole;
  longer.push_back(0);
  CHECK_THROWS_WITH_AS(read(folder.write("is longer", longer)), doctest::Contains("is longer"),
                       DataError);
}

/// Every byte of the first `header` bytes is changed to each of 256 values: the reader may accept
/// or refuse the file, but never do anything else than return or throw DataError. Returns how many
/// were refused.
template <class Read>
int check_every_header_byte(const Bytes& whole, std::size_t header, Read&& read) {
  const TemporaryFolder folder;
  int refused = 0;
  for (std::size_t place = 0; place < header; ++place) {
    for (int value = 0; value < 256; ++value) {
      Bytes changed = whole;
      changed[place] = static_cast<std::uint8_t>(value);
      CAPTURE(place);
      CAPTURE(value);
      try {
        read(folder.write("is changed", changed));
      } catch (const DataError& error) {
        REQUIRE(std::string(error.what()).find("is changed") != std::string::npos);
        ++refused;
      }
    }
  }
  return refused;
}

/// The message of the DataError that reading throws; "" if it throws none.
template <class Read>
std::string data_error_of(Read&& read) {
  try {
    read();
  } catch (const DataError& error) {
    return error.what();
  }
  return "";
}

}  // namespace syncline::testing
