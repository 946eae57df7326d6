#include <bit>
#include <type_traits>

#include <nlohmann/json.hpp>

#include "base/atomic_file.hpp"
#include "syncline/error.hpp"
#include "syncline/safetensors.hpp"
#include "workload/safetensors/memory_order.hpp"

namespace syncline {

static_assert(std::endian::native == std::endian::little, "safetensors files are little endian");

template <class Real>
void write_safetensors(const std::filesystem::path& path, std::span<const NamedTensor> layout,
                       std::span<const Real> state) {
  nlohmann::ordered_json header = {{"__metadata__", {{"format", "pt"}}}};
  std::vector<Real> elements;
  for (const NamedTensor& tensor : layout) {
    const std::size_t count = element_count(tensor);
    if (tensor.offset + count > state.size()) {
      throw InternalError("tensor '" + tensor.name + "' reaches beyond the state");
    }
    const std::size_t begin = elements.size() * sizeof(Real);
    for (std::size_t i = 0; i < count; ++i) {
      elements.push_back(state[tensor.offset + stored_at(tensor, i)]);
    }
    header[tensor.name] = {{"dtype", std::is_same_v<Real, float> ? "F32" : "F64"},
                           {"shape", tensor.shape},
                           {"data_offsets", {begin, elements.size() * sizeof(Real)}}};
  }
  std::string text = header.dump();
  text.resize((text.size() + 7) / 8 * 8, ' ');  // elements start aligned, as the format advises

  const std::uint64_t length = text.size();
  const std::string_view length_bytes(reinterpret_cast<const char*>(&length), sizeof length);
  const std::string_view element_bytes(reinterpret_cast<const char*>(elements.data()),
                                       elements.size() * sizeof(Real));
  write_file_atomically(path, {length_bytes, text, element_bytes});
}

template void write_safetensors(const std::filesystem::path&, std::span<const NamedTensor>,
                                std::span<const float>);
template void write_safetensors(const std::filesystem::path&, std::span<const NamedTensor>,
                                std::span<const double>);

}  // namespace syncline
