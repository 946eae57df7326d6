#include <algorithm>
#include <cstring>
#include <fstream>
#include <set>

#include <nlohmann/json.hpp>

#include "syncline/error.hpp"
#include "syncline/safetensors.hpp"

namespace syncline {
namespace {

using Json = nlohmann::json;

constexpr std::uint64_t largest_header = 100'000'000;

class Reader {
 public:
  explicit Reader(const std::filesystem::path& path) : path_(path) {
    std::error_code error;
    const auto size = std::filesystem::file_size(path, error);
    stream_.open(path, std::ios::binary);
    if (error || !stream_) fail("can't be opened");
    size_ = size;
  }

  std::vector<StoredTensor> read() {
    std::uint64_t length = 0;
    if (size_ < sizeof length) fail("is too short for a header");
    read_into(&length, sizeof length);
    if (length > largest_header) fail("claims a header of " + std::to_string(length) + " bytes");
    if (length > size_ - sizeof length) fail("ends within its header");
    std::string text(length, '\0');
    read_into(text.data(), length);
    const Json header = parse(text);

    std::vector<Place> places;
    for (const auto& [name, entry] : header.items()) {
      if (name != "__metadata__") places.push_back(place_of(name, entry));
    }
    std::sort(places.begin(), places.end(), [](const Place& a, const Place& b) {
      return std::tie(a.begin, a.end) < std::tie(b.begin, b.end);
    });
    std::vector<StoredTensor> tensors;
    std::uint64_t reached = 0;
    for (Place& place : places) {
      if (place.begin != reached)
        fail("has a gap or an overlap before '" + place.tensor.name + "'");
      reached = place.end;
      tensors.push_back(std::move(place.tensor));
    }
    // Checked before any element is read, so a lying header can't make us allocate.
    if (reached != size_ - sizeof length - length) {
      fail("holds " + std::to_string(size_ - sizeof length - length) +
           " bytes of elements, not the " + std::to_string(reached) + " of its header");
    }
    for (std::size_t i = 0; i < tensors.size(); ++i) read_values(tensors[i], places[i]);
    return tensors;
  }

 private:
  struct Place {
    StoredTensor tensor;
    std::uint64_t begin = 0, end = 0;
  };

  [[noreturn]] void fail(const std::string& why) const {
    throw DataError("safetensors file '" + path_.string() + "' " + why +
                    "; write it again, or name another file");
  }

  void read_into(void* target, std::uint64_t bytes) {
    stream_.read(static_cast<char*>(target), static_cast<std::streamsize>(bytes));
    if (!stream_) fail("can't be read to its end");
  }

  Json parse(const std::string& text) const {
    if (text.empty() || text.front() != '{') fail("has no JSON header");
    std::set<std::string> names;
    bool twice = false;
    const auto watch = [&](int depth, Json::parse_event_t event, Json& key) {
      if (event == Json::parse_event_t::key && depth == 1) {
        twice |= !names.insert(key.get<std::string>()).second;
      }
      return true;
    };
    const Json header = Json::parse(text, watch, /*allow_exceptions=*/false);
    if (!header.is_object()) fail("has a header that is no JSON object");
    if (twice) fail("names a tensor twice");
    return header;
  }

  Place place_of(const std::string& name, const Json& entry) const {
    const auto bad = [&](const std::string& why) { fail("gives '" + name + "' " + why); };
    const auto member = [&](const char* key) -> const Json& {
      if (!entry.is_object() || !entry.contains(key)) bad(std::string("no ") + key);
      return entry.at(key);
    };
    Place place;
    place.tensor.name = name;
    const Json& type = member("dtype");
    if (type != "F32" && type != "F64") bad("a dtype that is not F32 or F64");
    place.tensor.type = type.get<std::string>();

    std::uint64_t bytes = type == "F32" ? sizeof(float) : sizeof(double);
    const Json& shape = member("shape");
    if (!shape.is_array()) bad("a shape that is no list");
    for (const Json& size : shape) {
      if (!size.is_number_unsigned()) bad("a shape that holds no whole numbers");
      const auto extent = size.get<std::uint64_t>();
      // No product may pass the size of the file, so none can overflow.
      if (extent != 0 && bytes > size_ / extent) bad("more elements than the file holds");
      bytes *= extent;
      place.tensor.shape.push_back(static_cast<std::int64_t>(extent));
    }
    const Json& offsets = member("data_offsets");
    if (!offsets.is_array() || offsets.size() != 2 || !offsets[0].is_number_unsigned() ||
        !offsets[1].is_number_unsigned()) {
      bad("data_offsets that are not two whole numbers");
    }
    place.begin = offsets[0].get<std::uint64_t>();
    place.end = offsets[1].get<std::uint64_t>();
    if (place.end < place.begin || place.end - place.begin != bytes) {
      bad("data_offsets that do not fit its shape");
    }
    return place;
  }

  void read_values(StoredTensor& tensor, const Place& place) {
    const std::uint64_t bytes = place.end - place.begin;
    if (tensor.type == "F32") {
      std::vector<float> values(bytes / sizeof(float));
      read_into(values.data(), bytes);
      tensor.values.assign(values.begin(), values.end());
    } else {
      tensor.values.resize(bytes / sizeof(double));
      read_into(tensor.values.data(), bytes);
    }
  }

  std::filesystem::path path_;
  std::ifstream stream_;
  std::uint64_t size_ = 0;
};

}  // namespace

std::vector<StoredTensor> read_safetensors(const std::filesystem::path& path) {
  return Reader(path).read();
}

}  // namespace syncline
