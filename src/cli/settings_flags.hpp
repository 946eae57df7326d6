#pragma once

#include <map>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "syncline/options.hpp"

namespace syncline {

/// The flags of one sub-command, made from the table of options, with --config, --set and --dry-run
/// beside them.
class SettingsFlags {
 public:
  /// Adds the flags; the object must outlive the parsing of `app`.
  SettingsFlags(CLI::App& app, Command command);
  SettingsFlags(const SettingsFlags&) = delete;
  SettingsFlags& operator=(const SettingsFlags&) = delete;

  /// Lays over `base`, in this order: the file of --config, the flags, each --set.
  /// Throws ConfigError, or DataError where the file can't be read.
  [[nodiscard]] Settings resolve(Settings base) const;

  [[nodiscard]] bool dry_run() const { return dry_run_; }

 private:
  struct Given {
    const Option* option;
    CLI::Option* flag;
    std::string text;
  };

  Command command_;
  std::map<std::string, Given> given_;  ///< by key; nodes stay in place, as CLI11 needs
  std::string config_file_;
  std::vector<std::string> assignments_;
  bool dry_run_ = false;
};

}  // namespace syncline
