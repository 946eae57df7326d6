// Files of weights.

#include "syncline/safetensors.hpp"

#include <cstring>

#include "input_file.hpp"
#include "targets/entries.hpp"

namespace syncline::fuzz {
namespace {

/// The state and its layout that a file holds.
struct Stored {
  std::vector<NamedTensor> layout;
  std::vector<double> state;
};

Stored stored(const std::vector<StoredTensor>& tensors) {
  Stored whole;
  for (const StoredTensor& tensor : tensors) {
    std::size_t size = 1;
    for (const std::int64_t extent : tensor.shape) {
      promise(extent >= 0, "no negative extent");
      size *= static_cast<std::size_t>(extent);
    }
    promise(size == tensor.values.size(), "as many elements as the shape says");
    whole.layout.push_back({tensor.name, tensor.shape, whole.state.size(), false});
    whole.state.insert(whole.state.end(), tensor.values.begin(), tensor.values.end());
  }
  return whole;
}

bool same_bits(const std::vector<double>& a, const std::vector<double>& b) {
  return a.size() == b.size() &&
         (a.empty() || std::memcmp(a.data(), b.data(), a.size() * sizeof(double)) == 0);
}

void read(const std::filesystem::path& path) {
  const auto tensors = read_safetensors(path);
  const Stored whole = stored(tensors);
  std::vector<double> restored(whole.state.size());
  restore_state<double>(tensors, whole.layout, restored);
  promise(same_bits(restored, whole.state), "a state is restored as it was stored");
  const std::filesystem::path copy = own_folder() / "copy";
  write_safetensors(copy, whole.layout, whole.state);
  const Stored again = stored(read_safetensors(copy));
  promise(same_bits(again.state, whole.state), "what is written again is read the same");
}

void take(std::string_view input) { read_as_file(input, read); }

template <class Real>
void write(const std::filesystem::path& path) {
  const std::vector<NamedTensor> layout = {
      {"conv.weight", {1, 2, 1, 1}, 0, true}, {"bias", {3}, 2, false}, {"scale", {}, 5, false}};
  write_safetensors(path, layout, std::vector<Real>{1, -2, 0.5, 3, 4, 1e9});
}

std::vector<std::string> seeds() { return {written_by(write<float>), written_by(write<double>)}; }

}  // namespace

const Target safetensors_target{"safetensors", "a file of weights", take, seeds};

}  // namespace syncline::fuzz
