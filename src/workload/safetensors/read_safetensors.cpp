#include <algorithm>
#include <cstring>
#include <set>
#include <tuple>
#include <type_traits>

#include <nlohmann/json.hpp>

#include "syncline/error.hpp"
#include "syncline/safetensors.hpp"
#include "workload/safetensors/safetensors_file.hpp"

namespace syncline {
namespace {

using Json = nlohmann::json;

constexpr std::uint64_t largest_header = 100'000'000;

}  // namespace

SafetensorsFile::SafetensorsFile(const std::filesystem::path& path) : path_(path) {
  std::error_code error;
  const auto size = std::filesystem::file_size(path, error);
  stream_.open(path, std::ios::binary);
  if (error || !stream_) fail("can't be opened");
  size_ = size;
  std::uint64_t length = 0;
  if (size_ < sizeof length) fail("is too short for a header");
  read_into(&length, sizeof length);
  if (length > largest_header) fail("claims a header of " + std::to_string(length) + " bytes");
  if (length > size_ - sizeof length) fail("ends within its header");
  std::string text(length, '\0');
  read_into(text.data(), length);
  elements_ = sizeof length + length;
  const Json header = parse(text);
  for (const auto& [name, entry] : header.items()) {
    if (name != "__metadata__") entries_.push_back(entry_of(name, entry));
  }
  std::sort(entries_.begin(), entries_.end(), [](const Entry& a, const Entry& b) {
    return std::tie(a.begin, a.end) < std::tie(b.begin, b.end);
  });
  std::uint64_t reached = 0;
  for (const Entry& entry : entries_) {
    if (entry.begin != reached) fail("has a gap or an overlap before '" + entry.name + "'");
    reached = entry.end;
  }
  // Checked before any element is read, so a lying header can't make us allocate.
  if (reached != size_ - elements_) {
    fail("holds " + std::to_string(size_ - elements_) + " bytes of elements, not the " +
         std::to_string(reached) + " of its header");
  }
}

void SafetensorsFile::fail(const std::string& why) const {
  throw DataError("safetensors file '" + path_.string() + "' " + why +
                  "; write it again, or name another file");
}

void SafetensorsFile::read_into(void* target, std::uint64_t bytes) {
  stream_.read(static_cast<char*>(target), static_cast<std::streamsize>(bytes));
  if (!stream_) fail("can't be read to its end");
}

Json SafetensorsFile::parse(const std::string& text) const {
  if (text.empty() || text.front() != '{') fail("has no JSON header");
  std::set<std::string> names;
  bool twice = false;
  const auto watch = [&](int depth, Json::parse_event_t event, Json& key) {
    if (event == Json::parse_event_t::key && depth == 1) {
      twice |= !names.insert(key.get<std::string>()).second;
    }
    return true;
  };
  Json header = Json::parse(text, watch, /*allow_exceptions=*/false);
  if (!header.is_object()) fail("has a header that is no JSON object");
  if (twice) fail("names a tensor twice");
  return header;
}

auto SafetensorsFile::entry_of(const std::string& name, const Json& json) const -> Entry {
  const auto bad = [&](const std::string& why) { fail("gives '" + name + "' " + why); };
  const auto member = [&](const char* key) -> const Json& {
    if (!json.is_object() || !json.contains(key)) bad(std::string("no ") + key);
    return json.at(key);
  };
  Entry entry;
  entry.name = name;
  const Json& type = member("dtype");
  if (type != "F32" && type != "F64") bad("a dtype that is not F32 or F64");
  entry.type = type.get<std::string>();

  std::uint64_t bytes = type == "F32" ? sizeof(float) : sizeof(double);
  const Json& shape = member("shape");
  if (!shape.is_array()) bad("a shape that is no list");
  for (const Json& size : shape) {
    if (!size.is_number_unsigned()) bad("a shape that holds no whole numbers");
    const auto extent = size.get<std::uint64_t>();
    // No product may pass the size of the file, so none can overflow.
    if (extent != 0 && bytes > size_ / extent) bad("more elements than the file holds");
    bytes *= extent;
    entry.shape.push_back(static_cast<std::int64_t>(extent));
  }
  const Json& offsets = member("data_offsets");
  if (!offsets.is_array() || offsets.size() != 2 || !offsets[0].is_number_unsigned() ||
      !offsets[1].is_number_unsigned()) {
    bad("data_offsets that are not two whole numbers");
  }
  entry.begin = offsets[0].get<std::uint64_t>();
  entry.end = offsets[1].get<std::uint64_t>();
  if (entry.end < entry.begin || entry.end - entry.begin != bytes) {
    bad("data_offsets that do not fit its shape");
  }
  return entry;
}

template <class Real>
std::vector<Real> SafetensorsFile::read(const Entry& entry) {
  const std::uint64_t bytes = entry.end - entry.begin;
  stream_.seekg(static_cast<std::streamoff>(elements_ + entry.begin));
  if ((entry.type == "F32") == std::is_same_v<Real, float>) {
    std::vector<Real> values(bytes / sizeof(Real));
    read_into(values.data(), bytes);
    return values;
  }
  if (entry.type == "F64") fail("holds '" + entry.name + "' as F64, where floats are wanted");
  std::vector<float> values(bytes / sizeof(float));
  read_into(values.data(), bytes);
  return {values.begin(), values.end()};
}

template std::vector<float> SafetensorsFile::read<float>(const Entry&);
template std::vector<double> SafetensorsFile::read<double>(const Entry&);

std::vector<StoredTensor> read_safetensors(const std::filesystem::path& path) {
  SafetensorsFile file(path);
  std::vector<StoredTensor> tensors;
  for (const SafetensorsFile::Entry& entry : file.entries()) {
    tensors.push_back({entry.name, entry.type, entry.shape, file.read<double>(entry)});
  }
  return tensors;
}

}  // namespace syncline
