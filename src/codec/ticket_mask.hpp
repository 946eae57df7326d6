#pragma once

#include "syncline/codec.hpp"

namespace syncline {

/// Makes a ticket: in each prunable tensor (weights of four dimensions are convolutions, of two are
/// linear) as many places as smart_counts says, and everything else whole. A random ticket draws
/// them; a hybrid one has the places of the largest |w| in a file of trained weights, of equals the
/// first. Places are those of the flat vector, whatever the order of storage. Throws ConfigError or
/// DataError.
[[nodiscard]] Ticket make_ticket(const Arguments& arguments, const CodecContext& context);

}  // namespace syncline
