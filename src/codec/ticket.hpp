#pragma once

#include <algorithm>

#include "codec/ticket_mask.hpp"
#include "codec/wire.hpp"
#include "syncline/codec.hpp"

namespace syncline {

/// The coordinates of a ticket (Su et al., arXiv 2009.11094), values only; all others arrive as 0.
template <class Real>
class TicketCodec final : public Codec<Real> {
 public:
  TicketCodec(const Arguments& arguments, const CodecContext& context)
      : TicketCodec(make_ticket(arguments, context), context.dimension) {}

  [[nodiscard]] const Ticket* ticket() const override { return &ticket_; }

 private:
  TicketCodec(Ticket ticket, std::size_t dimension)
      : Codec<Real>(dimension, ticket.kept.size() * sizeof(Real), {.error = 1}),
        ticket_(std::move(ticket)) {}

  void pack(std::span<const Real> vector, const DrawKey&,
            std::span<std::byte> message) const override {
    std::size_t next = 0;
    for (const std::uint32_t coordinate : ticket_.kept) store(message, next++, vector[coordinate]);
  }

  void unpack(std::span<const std::byte> message, const DrawKey&,
              std::span<Real> vector) const override {
    std::fill(vector.begin(), vector.end(), Real(0));
    std::size_t next = 0;
    for (const std::uint32_t coordinate : ticket_.kept) {
      vector[coordinate] = load_finite<Real>(message, next++);
    }
  }

  void pass(std::span<Real> vector, const DrawKey&) const override {
    std::size_t next = 0;
    for (const std::uint32_t coordinate : ticket_.kept) {
      for (; next < coordinate; ++next) vector[next] = 0;
      next = coordinate + std::size_t{1};
    }
    for (; next < vector.size(); ++next) vector[next] = 0;
  }

  Ticket ticket_;
};

}  // namespace syncline
