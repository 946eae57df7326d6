#include <algorithm>
#include <chrono>
#include <cmath>
#include <map>

#include "checkpoint/checkpoint_folder.hpp"
#include "checkpoint/stored_checkpoint.hpp"
#include "fleet/training/training_run.hpp"
#include "syncline/error.hpp"
#include "trace/config_json.hpp"

namespace syncline {
namespace {

nlohmann::json to_json(const EvaluationPoint& point) {
  const auto number = [](double value) {
    return std::isfinite(value) ? nlohmann::json(value) : nlohmann::json(nullptr);
  };
  return {point.time,
          point.update,
          point.gradients,
          point.compute,
          number(point.metrics.test_error),
          number(point.metrics.test_loss),
          number(point.metrics.train_loss),
          number(point.metrics.train_error)};
}

EvaluationPoint point_from_json(const nlohmann::json& json) {
  const auto number = [&](std::size_t index) {
    return json.at(index).is_null() ? std::nan("") : json.at(index).get<double>();
  };
  return {number(0),
          json.at(1).get<Version>(),
          json.at(2).get<std::uint64_t>(),
          number(3),
          {number(4), number(5), number(6), number(7)}};
}

/// Bytes of a journal that does not yet make a checkpoint due, however small the model.
constexpr std::uint64_t smallest_full_journal = std::uint64_t{64} << 20;

std::string name_of(const char* kind, std::uint64_t number) {
  return kind + std::to_string(number);
}

/// The newest checkpoint that is whole; says which were not.
StoredCheckpoint newest_whole(const std::string& path,
                              const std::function<void(const std::string&)>& news) {
  const auto candidates = checkpoints_in(path);
  if (candidates.empty()) throw DataError("there is no checkpoint in '" + path + "'");
  for (std::size_t i = 0;; ++i) {
    try {
      return StoredCheckpoint(candidates[i]);
    } catch (const DataError& error) {
      if (i + 1 == candidates.size()) throw;
      news(std::string(error.what()) + "; going back to the one before it");
    }
  }
}

}  // namespace

template <class Real>
nlohmann::ordered_json TrainingRun<Real>::identity() const {
  // A run may be continued beyond its first limits.
  nlohmann::ordered_json identity = syncline::to_json(config_);
  identity["stop"].erase("updates");
  identity["stop"].erase("time");
  return identity;
}

template <class Real>
bool TrainingRun<Real>::checkpoint_due() const {
  if (!checkpoints_) return false;
  const std::chrono::duration<double> since = std::chrono::steady_clock::now() - last_attempt_;
  return since.count() >= config_.checkpoint_every ||
         fleet_->journal_bytes() > std::max(smallest_full_journal, 8 * checkpoint_bytes_);
}

template <class Real>
void TrainingRun<Real>::checkpoint() {
  try {
    const auto folder = save_checkpoint();
    if (most_lost_) fleet_->keep_journal(folder, last_checkpoint_, *most_lost_);
    last_checkpoint_ = folder.filename().string();
    if (metrics_) metrics_->checkpoint(true);
  } catch (const DataError& error) {
    if (metrics_) metrics_->checkpoint(false);
    published_.noted("a checkpoint could not be written, those before it stay, the run goes on: " +
                         std::string(error.what()),
                     fleet_->now());
  }
  last_attempt_ = std::chrono::steady_clock::now();
}

template <class Real>
std::filesystem::path TrainingRun<Real>::save_checkpoint() {
  // Collected, but not settled: what is logged when must not depend on checkpoints.
  while (points_.size() < begun_) points_.push_back(evaluator_.collect());

  nlohmann::json state;
  state["identity"] = identity();
  state["host"] = fleet_->host().state();
  state["clock"] = fleet_->clock_state();
  state["statistics"] = statistics_.state();
  state["timeline"] = timeline_.state();
  state["k"] = k_.state();
  state["notes"] = notes_;
  state["grid"] = {grid_interval_, grid_updates_, grid_index_};
  state["settled"] = settled_;
  state["points"] = nlohmann::json::array();
  for (const EvaluationPoint& point : points_) state["points"].push_back(to_json(point));
  if (log_) {
    state["log"] = log_->sync();
    // Of a full disk, say, which need not be that of the checkpoints.
    if (!log_->cut().empty()) {
      state["log_cut"] = log_->cut();
    } else if (!log_->unwritten().empty()) {
      state["log_unwritten"] = log_->unwritten();
    }
    state["recorder"] = recorder_->state();
  }
  state["server"] = server_->state();
  state["folds"] = fleet_->payloads().folds();
  if (const Ticket* ticket = wire_.ticket()) state["ticket"] = ticket->digest;
  state["velocities"] = momentum_.rememberers();
  state["rememberers"] = wire_.rememberers();

  std::vector<NamedVector<Real>> vectors;
  const auto add = [&](std::string name, std::span<const Real> vector) {
    vectors.push_back({std::move(name), vector});
  };
  const auto current = server_->whole(server_->snapshot());
  add("state", current->state);
  state["version"] = current->version;
  for (const auto& [name, vector] : server_->vectors()) add("server." + name, vector);
  std::size_t next = 0;
  for (const auto* vector : momentum_.vectors()) {
    add(name_of("momentum.", momentum_.rememberers().at(next++)), *vector);
  }
  for (const std::uint32_t worker : wire_.rememberers()) {
    std::size_t number = 0;
    for (const auto& vector : wire_.remembered(worker)) {
      add(name_of("unsent.", worker) + name_of(".", number++), vector);
    }
  }

  // Every older version that a running job reads.
  std::map<Version, std::shared_ptr<const Snapshot<Real>>> snapshots;
  state["starts"] = nlohmann::json::array();
  for (WorkerId worker = 0; worker < config_.fleet.workers; ++worker) {
    const auto* start = fleet_->payloads().start_of(worker);
    if (start == nullptr) continue;
    snapshots[start->read->version] = start->read;
    if (start->previous) snapshots[start->previous->version] = start->previous;
    state["starts"].push_back({start->read->version,
                               start->previous ? start->previous->version : start->read->version,
                               start->step_size});
  }
  if (program_->needs_previous()) {
    snapshots[server_->previous()->version] = server_->previous();
    state["previous"] = server_->previous()->version;
  }
  snapshots.erase(current->version);
  state["snapshots"] = nlohmann::json::array();
  for (auto& [version, snapshot] : snapshots) {
    state["snapshots"].push_back(version);
    snapshot = server_->whole(snapshot);
    add(name_of("versions.", version), snapshot->state);
  }
  checkpoint_bytes_ = 0;
  for (const auto& vector : vectors) checkpoint_bytes_ += vector.values.size_bytes();
  return checkpoints_->write<Real>(state, vectors);
}

template <class Real>
void TrainingRun<Real>::load_checkpoint() {
  StoredCheckpoint stored = newest_whole(
      config_.resume, [this](const std::string& text) { published_.noted(text, fleet_->now()); });
  last_checkpoint_ = stored.folder().filename().string();
  fleet_->repeat_journal(stored.folder());
  const std::string name = "the checkpoint '" + stored.folder().string() + "'";
  const nlohmann::json& state = stored.state();
  try {
    const nlohmann::json own = identity();
    if (state.at("identity") != own) {
      const nlohmann::json difference = nlohmann::json::diff(state.at("identity"), own);
      throw ConfigError(name + " is of another run: its configuration differs at " +
                        difference.at(0).at("path").get<std::string>());
    }
    fleet_->host().restore(state.at("host"));
    fleet_->restore_clock(state.at("clock"));
    statistics_.restore(state.at("statistics"));
    timeline_.restore(state.at("timeline"));
    k_.restore(state.at("k"));
    const auto news = std::exchange(notes_, {});
    state.at("notes").get_to(notes_);
    notes_.insert(notes_.end(), news.begin(), news.end());
    // The grid of the first part goes on, whatever the new limits would have made it.
    state.at("grid").at(0).get_to(grid_interval_);
    state.at("grid").at(1).get_to(grid_updates_);
    state.at("grid").at(2).get_to(grid_index_);
    state.at("settled").get_to(settled_);
    for (const auto& point : state.at("points")) points_.push_back(point_from_json(point));
    begun_ = points_.size();
    check_target(0);

    const Ticket* ticket = wire_.ticket();
    if (ticket != nullptr && state.at("ticket") != ticket->digest) {
      throw DataError(name + " is of another ticket: the file of its weights has changed");
    }
    const auto read = [&](const std::string& vector, std::vector<Real>& values) {
      stored.read(vector, values);
    };
    server_->restore(state.at("server"), [&](const std::string& vector, std::vector<Real>& values) {
      stored.read("server." + vector, values);
    });
    momentum_.remember(state.at("velocities").get<std::vector<std::uint32_t>>());
    std::size_t next = 0;
    for (auto* vector : momentum_.vectors()) {
      stored.read(name_of("momentum.", momentum_.rememberers().at(next++)), *vector);
    }
    for (const auto worker : state.at("rememberers").get<std::vector<std::uint32_t>>()) {
      std::vector<std::vector<Real>> vectors(program_->vectors(),
                                             std::vector<Real>(workload_->dimension()));
      std::size_t number = 0;
      for (auto& vector : vectors) {
        stored.read(name_of("unsent.", worker) + name_of(".", number++), vector);
      }
      wire_.remember(worker, std::move(vectors));
    }
    fleet_->payloads().restore_folds(state.at("folds").get<std::uint64_t>());

    std::map<Version, std::shared_ptr<const Snapshot<Real>>> snapshots;
    const auto restored = [&](Version version, const std::string& vector) {
      return snapshots[version] = server_->restore_version(version, vector, read);
    };
    server_->restore_current(restored(state.at("version").get<Version>(), "state"));
    for (const auto version : state.at("snapshots").get<std::vector<Version>>()) {
      restored(version, name_of("versions.", version));
    }
    std::size_t next_start = 0;
    for (WorkerId worker = 0; worker < config_.fleet.workers; ++worker) {
      if (!fleet_->host().busy(worker)) continue;
      const auto& start = state.at("starts").at(next_start++);
      JobStart<Real> from;
      from.read = snapshots.at(start.at(0).get<Version>());
      if (program_->needs_previous()) from.previous = snapshots.at(start.at(1).get<Version>());
      start.at(2).get_to(from.step_size);
      fleet_->payloads().resume(fleet_->host().job(worker), std::move(from));
    }
    if (program_->needs_previous()) {
      server_->restore_previous(snapshots.at(state.at("previous").get<Version>()));
    }
    if (!config_.log.empty()) {
      if (!state.contains("log")) {
        throw ConfigError(name + " is of a run without a log, so none can be continued");
      }
      if (state.contains("log_cut")) {
        throw ConfigError("the event log of the run can't be continued: it ended before " + name +
                          ", since it could not be written (" +
                          state.at("log_cut").get<std::string>() +
                          "); leave --log out, and keep what there is of it");
      }
      log_ = std::make_unique<EventLog>(config_.log, state.at("log").get<std::uint64_t>(),
                                        state.value("log_unwritten", ""));
      recorder_ = std::make_unique<UpdateRecorder>(
          config_.fleet.workers, [this](const UpdateRecord& record) { log_->write(record); });
      recorder_->restore(state.at("recorder"));
    }
  } catch (const nlohmann::json::exception& error) {
    throw DataError(name + " can't be used: " + error.what());
  } catch (const std::out_of_range& error) {
    throw DataError(name + " is incomplete: " + error.what());
  }
}

template class TrainingRun<float>;
template class TrainingRun<double>;

}  // namespace syncline
