#include "syncline/codec.hpp"

#include <algorithm>
#include <cmath>

#include "codec/wire.hpp"

namespace syncline {
namespace {

void check_length(const char* what, std::size_t length, std::size_t dimension) {
  if (length == dimension) return;
  throw InternalError(std::string("a codec for ") + std::to_string(dimension) + " numbers got " +
                      what + " of " + std::to_string(length));
}

}  // namespace

template <class Real>
bool Codec<Real>::can_send(std::span<const Real> vector, const std::vector<Real>& memory) const {
  check_length("a vector", vector.size(), dimension_);
  if (!facts_.feedback || memory.empty()) {
    return std::all_of(vector.begin(), vector.end(), [](Real x) { return std::isfinite(x); });
  }
  check_length("a memory", memory.size(), dimension_);
  for (std::size_t i = 0; i < dimension_; ++i) {
    if (!std::isfinite(vector[i] + memory[i])) return false;
  }
  return true;
}

template <class Real>
std::vector<std::byte> Codec<Real>::encode(std::span<const Real> vector, const DrawKey& key,
                                           std::vector<Real>& memory) const {
  if (!can_send(vector, memory)) {
    throw DataError("a vector with a number that is not finite can't be encoded");
  }
  std::vector<std::byte> message(wire_bytes_);
  if (!facts_.feedback) {
    pack(vector, key, message);
    return message;
  }
  memory.resize(dimension_);
  for (std::size_t i = 0; i < dimension_; ++i) memory[i] += vector[i];
  pack(memory, key, message);
  std::vector<Real> sent(dimension_);
  unpack(message, key, sent);
  for (std::size_t i = 0; i < dimension_; ++i) memory[i] -= sent[i];
  return message;
}

template <class Real>
void Codec<Real>::decode(std::span<const std::byte> message, const DrawKey& key,
                         std::span<Real> vector) const {
  check_length("a vector", vector.size(), dimension_);
  if (message.size() != wire_bytes_) {
    malformed("it has " + std::to_string(message.size()) + " bytes and should have " +
              std::to_string(wire_bytes_));
  }
  unpack(message, key, vector);
}

template <class Real>
void Codec<Real>::transmit(std::span<Real> vector, const DrawKey& key,
                           std::vector<Real>& memory) const {
  if (!can_send(vector, memory)) return;
  if (!facts_.feedback) {
    pass(vector, key);
    return;
  }
  memory.resize(dimension_);
  for (std::size_t i = 0; i < dimension_; ++i) vector[i] = memory[i] += vector[i];
  pass(vector, key);
  for (std::size_t i = 0; i < dimension_; ++i) memory[i] -= vector[i];
}

template <class Real>
void Codec<Real>::pass(std::span<Real> vector, const DrawKey& key) const {
  std::vector<std::byte> message(wire_bytes_);
  pack(vector, key, message);
  unpack(message, key, vector);
}

template class Codec<float>;
template class Codec<double>;

}  // namespace syncline
