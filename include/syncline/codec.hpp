#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "syncline/random.hpp"
#include "syncline/registry.hpp"
#include "syncline/workload.hpp"

namespace syncline {

/// Gradients are pushed to the server, parameters are pulled from it.
enum class Direction { push, pull };

/// What others must know of a codec Q.
struct CodecFacts {
  bool unbiased = false;          ///< E Q(x) = x over the keys, but for rounding
  bool feedback = false;          ///< what was not sent stays in the sender's memory
  bool mostly_zeros = false;      ///< most coordinates arrive as 0, for each sender others, so that
                                  ///< a median of several is about 0
  double error = 0;               ///< q of E |Q(x) - x|^2 <= q |x|^2, without feedback
  std::string not_for_pull = {};  ///< why it can't carry parameters; empty: it can
};

/// One prunable tensor under a ticket.
struct TicketLayer {
  std::string name;
  std::size_t size = 0;
  std::size_t kept = 0;
  bool operator==(const TicketLayer&) const = default;
};

/// A fixed mask of the parameters: a function of layout, ratios and seed alone, or of trained
/// weights, so that the server and each worker make it for themselves.
struct Ticket {
  std::vector<std::uint32_t> kept;  ///< coordinates, increasing; all others are 0 for ever
  std::vector<TicketLayer> layers;  ///< in the order of the layout
  std::uint64_t digest = 0;         ///< of dimension and `kept` (64-bit FNV-1a), to be compared
  /// The trained state that the mask was chosen by, where training starts; empty if it was drawn.
  std::vector<double> start;
};

/// How a vector travels: as a message of a size that is known beforehand. Immutable, so safe to
/// share between threads; what a sender must remember is `memory`, which its owner keeps.
///
/// A vector has `dimension()` numbers: a gradient, or parameters. Batch-norm statistics, which
/// follow them in a payload or a state, are not coded.
///
/// `key` names the draws of a random codec; the receiver decodes with the key of the sender. The
/// two directions draw from streams of their own, so one key may serve both.
///
/// `memory` is the error feedback of one sender and one direction, m <- m + x - Q(m + x): empty at
/// first, then of length dimension(), and untouched by a codec without feedback. To roll a message
/// back, put back a copy made before. Checkpoints must hold it.
template <class Real>
class Codec {
 public:
  virtual ~Codec() = default;

  [[nodiscard]] std::size_t dimension() const { return dimension_; }
  [[nodiscard]] std::size_t wire_bytes() const { return wire_bytes_; }  ///< of every message
  [[nodiscard]] const CodecFacts& facts() const { return facts_; }
  [[nodiscard]] virtual const Ticket* ticket() const { return nullptr; }

  /// Whether all numbers are finite, those of vector + memory too. No message can hold others.
  [[nodiscard]] bool can_send(std::span<const Real> vector, const std::vector<Real>& memory) const;

  /// A message of exactly wire_bytes() bytes. Throws DataError unless can_send(vector, memory).
  [[nodiscard]] std::vector<std::byte> encode(std::span<const Real> vector, const DrawKey& key,
                                              std::vector<Real>& memory) const;

  /// Overwrites `vector` with finite numbers. Throws DataError on any message that encode can't
  /// have made, and leaves `vector` undefined then.
  void decode(std::span<const std::byte> message, const DrawKey& key, std::span<Real> vector) const;

  /// decode(encode(vector)) in place, to the bit. A vector that can't be sent is left as it is, and
  /// memory too: that a run diverges is for others to see, and no codec hides it.
  void transmit(std::span<Real> vector, const DrawKey& key, std::vector<Real>& memory) const;

 protected:
  Codec(std::size_t dimension, std::size_t wire_bytes, CodecFacts facts)
      : dimension_(dimension), wire_bytes_(wire_bytes), facts_(std::move(facts)) {}

 private:
  /// Writes all bytes of the message. `vector` is finite; all lengths are right, here and below.
  virtual void pack(std::span<const Real> vector, const DrawKey& key,
                    std::span<std::byte> message) const = 0;
  virtual void unpack(std::span<const std::byte> message, const DrawKey& key,
                      std::span<Real> vector) const = 0;
  /// pack, then unpack.
  virtual void pass(std::span<Real> vector, const DrawKey& key) const;

  std::size_t dimension_, wire_bytes_;
  CodecFacts facts_;
};

/// What a codec is made for.
struct CodecContext {
  std::size_t dimension = 0;        ///< parameters; 1 to 2^32 - 1
  std::vector<NamedTensor> layout;  ///< Workload::layout(); what lies beyond dimension is ignored
  std::uint64_t seed = 0;           ///< of the run
  Direction direction = Direction::push;
  /// Reads a file of weights into a state of the layout. Throws DataError. Empty: can't be done.
  std::function<std::vector<double>(const std::string& file)> read_weights = {};
};

/// A factory makes the codec in both precisions.
struct CodecFactory {
  std::function<std::unique_ptr<Codec<float>>(const Arguments&, const CodecContext&)> single;
  std::function<std::unique_ptr<Codec<double>>(const Arguments&, const CodecContext&)> full;
};

/// none, fp16, bf16, qsgd, top-k, random-k, sign, ticket (docs/codecs.md).
[[nodiscard]] const Registry<CodecFactory>& codecs();

/// Throws ConfigError, also where a codec can't carry parameters and the direction is pull.
template <class Real>
[[nodiscard]] std::unique_ptr<Codec<Real>> make_codec(std::string_view spec,
                                                      const CodecContext& context);

}  // namespace syncline
