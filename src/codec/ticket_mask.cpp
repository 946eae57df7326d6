#include "codec/ticket_mask.hpp"

#include <functional>
#include <numeric>

#include "codec/random_subset.hpp"
#include "codec/smart_ratios.hpp"

namespace syncline {
namespace {

std::vector<NamedTensor> prunable_tensors(const CodecContext& context) {
  std::vector<NamedTensor> tensors;
  for (const NamedTensor& tensor : context.layout) {
    const std::size_t dimensions = tensor.shape.size();
    const bool parameter = tensor.offset < context.dimension;
    if (parameter && (dimensions == 2 || dimensions == 4)) tensors.push_back(tensor);
  }
  return tensors;
}

std::size_t size_of(const NamedTensor& tensor) {
  return static_cast<std::size_t>(std::accumulate(tensor.shape.begin(), tensor.shape.end(),
                                                  std::int64_t{1}, std::multiplies<>()));
}

/// FNV-1a, 64 bits.
std::uint64_t digest_of(std::uint32_t dimension, const std::vector<std::uint32_t>& kept) {
  std::uint64_t hash = 0xcbf29ce484222325;
  const auto take = [&](std::uint32_t number) {
    for (int shift = 0; shift < 32; shift += 8) {
      hash = (hash ^ ((number >> shift) & 0xff)) * 0x100000001b3;
    }
  };
  take(dimension);
  for (const std::uint32_t coordinate : kept) take(coordinate);
  return hash;
}

}  // namespace

Ticket draw_ticket(const Arguments& arguments, const CodecContext& context) {
  const std::vector<NamedTensor> tensors = prunable_tensors(context);
  std::vector<PrunableLayer> layers;
  for (const NamedTensor& tensor : tensors) {
    layers.push_back({tensor.name, size_of(tensor), tensor.shape.size() == 4});
  }
  const std::vector<std::size_t> counts = smart_counts(layers, arguments);
  const std::uint64_t own_seed = arguments.whole("seed");
  const std::uint64_t seed = own_seed == 0 ? context.seed : own_seed;

  Ticket ticket;
  std::size_t next = 0;
  const auto keep_whole_until = [&](std::size_t end) {
    for (; next < end; ++next) ticket.kept.push_back(static_cast<std::uint32_t>(next));
  };
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    keep_whole_until(tensors[i].offset);
    DrawStream draws(Stream::ticket, {seed, static_cast<std::uint32_t>(i), 0});
    for (const std::uint32_t place : random_subset(layers[i].size, counts[i], draws)) {
      ticket.kept.push_back(static_cast<std::uint32_t>(tensors[i].offset) + place);
    }
    next = tensors[i].offset + layers[i].size;
    ticket.layers.push_back({layers[i].name, layers[i].size, counts[i]});
  }
  keep_whole_until(context.dimension);
  ticket.digest = digest_of(static_cast<std::uint32_t>(context.dimension), ticket.kept);
  return ticket;
}

}  // namespace syncline
