#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "syncline/config.hpp"
#include "syncline/measure.hpp"
#include "syncline/predict.hpp"

namespace syncline {

/// The sub-commands that take options; values are bits of a set.
enum class Command : unsigned {
  race = 1,
  train = 2,
  simulate = 4,
  predict = 8,
  measure = 16,
  plan = 32
};

/// Where the planner's knowledge comes from.
struct PlanSources {
  std::string timings;              ///< event log or CSV that the fleet is fitted to
  std::string constants;            ///< file of `measure --save`
  std::vector<std::string> pilots;  ///< event logs of short training runs
  bool measure = false;             ///< measure the workload first
  bool theory_only = false;
  std::vector<std::string> what_if;  ///< policies to replay the recorded times under
};

/// Everything that a user can set, for any of the commands.
struct Settings {
  RaceConfig race;  ///< race.run is what `train` uses
  bool include_startup = false;
  std::uint64_t message_bytes = 0;
  PlanSources plan;
  ProblemFacts problem;
  MeasureSettings measure;
};

/// Where an option lives. The type of the place is the type of the option.
using Place = std::variant<bool*, std::uint32_t*, std::uint64_t*, double*, std::string*,
                           std::vector<std::string>*, std::vector<double>*>;

/// Which numbers an option takes. All must be finite.
enum class Range { any, non_negative, positive };

/// One row of the table from which flags, TOML, `--set`, `--dry-run`, the log's header and
/// docs/configuration.md come.
struct Option {
  std::string key;   ///< "fleet.workers": section and name in TOML
  std::string flag;  ///< "--workers"
  unsigned commands = 0;
  Range range = Range::any;
  std::vector<std::string> choices;  ///< the only texts allowed; empty: no such list
  std::string description;
  std::function<Place(Settings&)> place;
  /// Of whole numbers. TOML's integers end there; a row may say less.
  std::uint64_t largest = std::numeric_limits<std::int64_t>::max();

  [[nodiscard]] bool used_by(Command command) const {
    return (commands & static_cast<unsigned>(command)) != 0;
  }
};

/// All options, grouped by section. Immutable; safe to read from any thread.
[[nodiscard]] const std::vector<Option>& options();

/// The option with this key. Throws ConfigError with the nearest valid key.
[[nodiscard]] const Option& find_option(std::string_view key);

/// "whole number", "text", "list of numbers", ...
[[nodiscard]] std::string type_name(const Option& option);

/// Sets one option from text as on the command line; lists are parted by commas outside brackets.
/// `where` ("--workers", "--set fleet.workers") opens the message of the ConfigError.
void set_from_text(Settings& settings, const Option& option, std::string_view text,
                   std::string_view where);

/// Applies a TOML document; `name` (a path) and line and column are in the messages. Throws
/// ConfigError on a syntax error, an unknown section or key, or a value of the wrong type or range.
void apply_toml(Settings& settings, std::string_view text, const std::string& name);

/// The same from a file; DataError if it can't be read.
void apply_toml_file(Settings& settings, const std::string& path);

/// Applies nested JSON objects by section, as to_json writes them; `name` is in the messages. Keys
/// that it lacks keep their values. Throws ConfigError as apply_toml does.
void apply_json(Settings& settings, const nlohmann::ordered_json& sections,
                const std::string& name);

/// The defaults of one command.
[[nodiscard]] Settings default_settings(Command command);

/// All options of the command with their values, as TOML that apply_toml reads back to the same
/// settings.
[[nodiscard]] std::string to_toml(const Settings& settings, Command command);

/// The same as nested JSON objects by section, without what changes no result (threads, folders,
/// files): what logs, checkpoints and race documents hold.
[[nodiscard]] nlohmann::ordered_json to_json(const Settings& settings, Command command);

/// What `simulate` takes from the settings, and the other way round.
[[nodiscard]] SimulationConfig simulation_config(const Settings& settings);
[[nodiscard]] Settings settings_of(const SimulationConfig& config);

}  // namespace syncline
