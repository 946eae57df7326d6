#include <bit>
#include <type_traits>

#include <nlohmann/json.hpp>

#include "base/atomic_file.hpp"
#include "syncline/error.hpp"
#include "syncline/safetensors.hpp"
#include "workload/safetensors/memory_order.hpp"
#include "workload/safetensors/safetensors_file.hpp"

namespace syncline {
namespace {

static_assert(std::endian::native == std::endian::little, "safetensors files are little endian");

/// The header of a file, tensor by tensor in the order of their elements.
template <class Real>
class Header {
 public:
  void add(const std::string& name, const std::vector<std::int64_t>& shape, std::size_t count) {
    json_[name] = {{"dtype", std::is_same_v<Real, float> ? "F32" : "F64"},
                   {"shape", shape},
                   {"data_offsets", {end_, end_ + count * sizeof(Real)}}};
    end_ += count * sizeof(Real);
  }
  /// The beginning of the file.
  [[nodiscard]] std::string bytes() const {
    std::string text = json_.dump();
    text.resize((text.size() + 7) / 8 * 8, ' ');  // elements start aligned, as the format advises
    const std::uint64_t length = text.size();
    return std::string(reinterpret_cast<const char*>(&length), sizeof length) + text;
  }

 private:
  nlohmann::ordered_json json_ = {{"__metadata__", {{"format", "pt"}}}};
  std::size_t end_ = 0;
};

template <class Real>
std::string_view bytes_of(std::span<const Real> values) {
  return {reinterpret_cast<const char*>(values.data()), values.size_bytes()};
}

}  // namespace

template <class Real>
void write_safetensors(const std::filesystem::path& path, std::span<const NamedTensor> layout,
                       std::span<const Real> state) {
  Header<Real> header;
  std::vector<Real> elements;
  for (const NamedTensor& tensor : layout) {
    const std::size_t count = element_count(tensor);
    if (tensor.offset + count > state.size()) {
      throw InternalError("tensor '" + tensor.name + "' reaches beyond the state");
    }
    for (std::size_t i = 0; i < count; ++i) {
      elements.push_back(state[tensor.offset + stored_at(tensor, i)]);
    }
    header.add(tensor.name, tensor.shape, count);
  }
  write_file_atomically(path, {header.bytes(), bytes_of<Real>(elements)});
}

template <class Real>
void write_vectors(const std::filesystem::path& path, std::span<const NamedVector<Real>> vectors) {
  Header<Real> header;
  for (const NamedVector<Real>& vector : vectors) {
    header.add(vector.name, {static_cast<std::int64_t>(vector.values.size())},
               vector.values.size());
  }
  const std::string head = header.bytes();
  std::vector<std::string_view> pieces = {head};
  for (const NamedVector<Real>& vector : vectors) pieces.push_back(bytes_of(vector.values));
  write_file_atomically(path, pieces);
}

template void write_safetensors(const std::filesystem::path&, std::span<const NamedTensor>,
                                std::span<const float>);
template void write_safetensors(const std::filesystem::path&, std::span<const NamedTensor>,
                                std::span<const double>);
template void write_vectors(const std::filesystem::path&, std::span<const NamedVector<float>>);
template void write_vectors(const std::filesystem::path&, std::span<const NamedVector<double>>);

}  // namespace syncline
