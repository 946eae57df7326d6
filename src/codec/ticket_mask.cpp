#include "codec/ticket_mask.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

#include "codec/random_subset.hpp"
#include "codec/smart_ratios.hpp"
#include "syncline/error.hpp"

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

/// The trained state of a hybrid ticket; empty for a random one.
std::vector<double> trained_state(const Arguments& arguments, const CodecContext& context) {
  const std::string& file = arguments.text("weights");
  if (file.empty()) return {};
  if (arguments.whole("seed") != 0) {
    arguments.refuse("seed", "must be left out where weights name the subnetwork");
  }
  if (!context.read_weights) arguments.refuse("weights", "can't be read here");
  std::vector<double> state = context.read_weights(file);
  const auto finite = [](double x) { return std::isfinite(x); };
  if (!std::all_of(state.begin(), state.end(), finite)) {
    throw DataError("the weights in '" + file +
                    "' are not all finite: no ticket can be made of them");
  }
  return state;
}

/// The places of the `count` largest |x|, increasing.
std::vector<std::uint32_t> largest(std::span<const double> numbers, std::size_t count) {
  std::vector<std::uint32_t> places(numbers.size());
  std::iota(places.begin(), places.end(), 0U);
  const auto end = places.begin() + static_cast<std::ptrdiff_t>(count);
  std::nth_element(places.begin(), end, places.end(), [&](std::uint32_t a, std::uint32_t b) {
    const double x = std::abs(numbers[a]);
    const double y = std::abs(numbers[b]);
    return x != y ? x > y : a < b;
  });
  places.erase(end, places.end());
  std::sort(places.begin(), places.end());
  return places;
}

}  // namespace

Ticket make_ticket(const Arguments& arguments, const CodecContext& context) {
  const std::vector<NamedTensor> tensors = prunable_tensors(context);
  std::vector<PrunableLayer> layers;
  for (const NamedTensor& tensor : tensors) {
    layers.push_back({tensor.name, size_of(tensor), tensor.shape.size() == 4});
  }
  const std::vector<std::size_t> counts = smart_counts(layers, arguments);
  const std::uint64_t own_seed = arguments.whole("seed");
  const std::uint64_t seed = own_seed == 0 ? context.seed : own_seed;

  Ticket ticket;
  ticket.start = trained_state(arguments, context);
  const std::span<const double> trained = ticket.start;
  std::size_t next = 0;
  const auto keep_whole_until = [&](std::size_t end) {
    for (; next < end; ++next) ticket.kept.push_back(static_cast<std::uint32_t>(next));
  };
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    keep_whole_until(tensors[i].offset);
    DrawStream draws(Stream::ticket, {seed, static_cast<std::uint32_t>(i), 0});
    const std::vector<std::uint32_t> places =
        trained.empty() ? random_subset(layers[i].size, counts[i], draws)
                        : largest(trained.subspan(tensors[i].offset, layers[i].size), counts[i]);
    for (const std::uint32_t place : places) {
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
