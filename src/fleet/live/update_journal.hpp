#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <variant>

#include "checkpoint/record_file.hpp"
#include "fleet/fleet_event.hpp"
#include "fleet/live/payload_shape.hpp"
#include "fleet/training/run_fleet.hpp"
#include "fleet/worker/job_payloads.hpp"

namespace syncline {

/// Something that has come to a real fleet from outside: all that a run depends on besides its
/// configuration. With an arrival comes its payload.
template <class Real>
struct FleetInput {
  FleetEvent event;
  Payload<Real> payload;
};

/// Words about who comes and goes.
struct FleetNews {
  std::string text;
};

template <class Real>
using JournalEntry = std::variant<FleetInput<Real>, FleetNews, Abandoned>;

/// Writes what comes to a fleet after a checkpoint, so that a killed server can repeat it from
/// there (docs/checkpoint.md). Not thread-safe.
template <class Real>
class JournalWriter {
 public:
  /// In the folder of a checkpoint; `follows`: the name of the checkpoint before it, whose journal
  /// led here, or empty. At most `most_lost` updates may be lost. Throws DataError, as all do.
  JournalWriter(const std::filesystem::path& checkpoint, const std::string& follows,
                std::uint64_t version, std::uint64_t most_lost);

  void write(const FleetEvent& event, const Payload<Real>* payload = nullptr);
  void write(const FleetNews& news);
  void write(const Abandoned& job);
  /// The server is at this version: what led to it is on disk afterwards, if too many updates would
  /// be lost otherwise.
  void reached(std::uint64_t version);
  [[nodiscard]] std::uint64_t bytes() const { return file_.bytes(); }

 private:
  RecordWriter file_;
  std::uint64_t synced_, most_lost_;
};

/// Reads it back, from a checkpoint on, through all checkpoints that followed it.
template <class Real>
class JournalReader {
 public:
  /// `shape`: of the run's payloads. Throws DataError.
  JournalReader(const std::filesystem::path& checkpoint, const PayloadShape& shape);

  /// Nullopt at the end. Throws DataError on what no JournalWriter has written, or one of another
  /// model; it names the file.
  [[nodiscard]] std::optional<JournalEntry<Real>> next();

 private:
  [[nodiscard]] bool open_follower();
  [[nodiscard]] JournalEntry<Real> decode(std::span<const std::byte> record) const;

  std::filesystem::path checkpoint_;
  PayloadShape shape_;
  std::unique_ptr<RecordReader> file_;  ///< null: there is none
};

}  // namespace syncline
