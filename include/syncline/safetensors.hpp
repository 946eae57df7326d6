#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "syncline/workload.hpp"

// The safetensors format (github.com/huggingface/safetensors): u64 length of the header (little
// endian), a JSON header with type, shape and place of each tensor, then the elements.
namespace syncline {

/// Writes a state under PyTorch's names, in PyTorch's shapes and memory order (convolutions O, I,
/// H, W whatever the layout), as F32 or F64, so that `safetensors.torch.load_file` and
/// `model.load_state_dict` take it. Written whole or not at all. Throws DataError if it can't be.
template <class Real>
void write_safetensors(const std::filesystem::path& path, std::span<const NamedTensor> layout,
                       std::span<const Real> state);

/// The same for the usual arguments: template deduction does not turn vectors into spans.
template <class Real>
void write_safetensors(const std::filesystem::path& path, const std::vector<NamedTensor>& layout,
                       const std::vector<Real>& state) {
  write_safetensors(path, std::span<const NamedTensor>(layout), std::span<const Real>(state));
}

/// One tensor of a file; elements in row-major order of `shape`. Double holds F32 and F64 exactly.
struct StoredTensor {
  std::string name;
  std::string type;  ///< "F32" or "F64"
  std::vector<std::int64_t> shape;
  std::vector<double> values;
};

/// Reads a file of F32 and F64 tensors, in the order of their places. The file is hostile until
/// checked: header of at most 100 MB, offsets that cover the elements without gap or overlap, no
/// name twice. Throws DataError with the path and what is wrong.
[[nodiscard]] std::vector<StoredTensor> read_safetensors(const std::filesystem::path& path);

/// Copies stored tensors into a state of this layout. Throws DataError if a name is missing or has
/// another shape; tensors that the layout does not know are an error too.
template <class Real>
void restore_state(std::span<const StoredTensor> tensors, std::span<const NamedTensor> layout,
                   std::span<Real> state);

}  // namespace syncline
