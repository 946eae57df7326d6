#pragma once

#include <nlohmann/json_fwd.hpp>

namespace syncline {

/// Makes a checked document's charts smaller without a visible loss: rounds their numbers to 6
/// significant digits, cuts the zeros at the end of histograms, and leaves out what no chart shows
/// of nodes without a server: with more than 4,000 edges `nodes.edges` is null, `edge_count` their
/// number.
void trim_document(nlohmann::ordered_json& document);

/// Halves what the charts of a checked document are made from, at a visible loss: points of curves,
/// the stretch of timelines, the laws and pictures of single workers. May be called repeatedly.
void thin_document(nlohmann::ordered_json& document);

}  // namespace syncline
