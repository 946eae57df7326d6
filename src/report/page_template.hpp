#pragma once

#include <string_view>

namespace syncline {

/// The bundled page before and after its data; written at build time by page/build.mjs.
extern const std::string_view page_head;
extern const std::string_view page_tail;

}  // namespace syncline
