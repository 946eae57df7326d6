#pragma once

#include "syncline/options.hpp"

namespace syncline {

/// Makes everything that the settings name once, without loading data or writing a file, so that a
/// slip ends in one clear message before anything has begun. Throws ConfigError, or DataError where
/// a file of delays can't be read.
void check_settings(const Settings& settings, Command command);

/// The folder that `file` is to lie in must be there and be writable. Throws DataError, which names
/// the option. "" is no file.
void check_output(const std::string& option, const std::string& file);
/// The same for a folder, which may be there already.
void check_output_folder(const std::string& option, const std::string& folder);

}  // namespace syncline
