#pragma once

#include <string>

#include "syncline/error.hpp"

namespace syncline {

/// A connection that can't be made, or will not come back.
class TransportError : public Error {
 public:
  explicit TransportError(const std::string& message) : Error(ExitCode::data, message) {}
};

}  // namespace syncline
