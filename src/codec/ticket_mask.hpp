#pragma once

#include "syncline/codec.hpp"

namespace syncline {

/// Draws a random ticket: in each prunable tensor (weights of four dimensions are convolutions, of
/// two are linear) as many places as smart_counts says, and everything else whole. Places are those
/// of the flat vector, whatever the order of storage.
[[nodiscard]] Ticket draw_ticket(const Arguments& arguments, const CodecContext& context);

}  // namespace syncline
