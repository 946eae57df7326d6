#include <cmath>
#include <cstring>
#include <map>

#include "fleet/training/checkpoint_file.hpp"
#include "fleet/training/training_run.hpp"
#include "syncline/error.hpp"
#include "trace/config_json.hpp"

namespace syncline {
namespace {

template <class Real>
std::string to_blob(const std::vector<Real>& vector) {
  return {reinterpret_cast<const char*>(vector.data()), vector.size() * sizeof(Real)};
}

template <class Real>
void from_blob(const std::string& blob, std::vector<Real>& vector) {
  if (blob.size() != vector.size() * sizeof(Real)) {
    throw DataError("the checkpoint holds a vector of another length: it is of another model");
  }
  // An empty vector has no place to copy to, not even nothing.
  if (!vector.empty()) std::memcpy(vector.data(), blob.data(), blob.size());
}

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
void TrainingRun<Real>::save_checkpoint() {
  // Collected, but not settled: what is logged when must not depend on checkpoints.
  while (points_.size() < begun_) points_.push_back(evaluator_.collect());

  CheckpointFile file;
  nlohmann::json& header = file.header;
  header["identity"] = identity();
  header["host"] = fleet_->host().state();
  header["clock"] = fleet_->clock_state();
  header["statistics"] = statistics_.state();
  header["timeline"] = timeline_.state();
  header["k"] = k_.state();
  header["notes"] = notes_;
  header["grid"] = {grid_interval_, grid_updates_, grid_index_};
  header["settled"] = settled_;
  for (const EvaluationPoint& point : points_) header["points"].push_back(to_json(point));
  if (log_) {
    header["log"] = log_->flush();
    header["recorder"] = recorder_->state();
  }
  header["server"] = {
      {"gradients", server_.gradients()},    {"k", server_.k()},
      {"folds", fleet_->payloads().folds()}, {"optimizer_steps", server_.optimizer().steps()},
      {"noise", server_.noise().count()},    {"averaged", server_.running_average().count()}};
  const auto save_part = [&](const char* kind, auto& part) {
    header["server"][kind].push_back(part.state());
    for (const auto* vector : part.vectors()) file.blobs.push_back(to_blob(*vector));
  };
  for (auto& slot : server_.slots()) save_part("slots", *slot);
  for (auto& table : server_.tables()) save_part("tables", table);
  if (server_.transform() != nullptr) save_part("transform", *server_.transform());
  if (server_.attack() != nullptr) save_part("attack", *server_.attack());
  save_part("scalars", server_.mutable_step_scalars());
  header["server"]["merged"] = server_.merged();
  if (const Ticket* ticket = wire_.ticket()) header["ticket"] = ticket->digest;
  header["velocities"] = momentum_.rememberers();
  for (const auto* vector : momentum_.vectors()) file.blobs.push_back(to_blob(*vector));
  header["rememberers"] = wire_.rememberers();
  for (const std::uint32_t worker : wire_.rememberers()) {
    for (const auto& vector : wire_.remembered(worker)) file.blobs.push_back(to_blob(vector));
  }
  for (const auto* vector : server_.optimizer().vectors()) file.blobs.push_back(to_blob(*vector));
  for (const auto* vector : server_.noise().vectors()) file.blobs.push_back(to_blob(*vector));
  for (const auto* vector : server_.running_average().vectors()) {
    file.blobs.push_back(to_blob(*vector));
  }

  // The current state first, then every older one that a running job reads.
  std::map<Version, std::shared_ptr<const Snapshot<Real>>> snapshots;
  header["starts"] = nlohmann::json::array();
  for (WorkerId worker = 0; worker < config_.fleet.workers; ++worker) {
    const auto* start = fleet_->payloads().start_of(worker);
    if (start == nullptr) continue;
    snapshots[start->read->version] = start->read;
    if (start->previous) snapshots[start->previous->version] = start->previous;
    header["starts"].push_back({start->read->version,
                                start->previous ? start->previous->version : start->read->version,
                                start->step_size});
  }
  if (program_->needs_previous()) {
    snapshots[server_.previous()->version] = server_.previous();
    header["previous"] = server_.previous()->version;
  }
  const auto current = server_.snapshot();
  header["version"] = current->version;
  file.blobs.push_back(to_blob(current->state));
  snapshots.erase(current->version);
  header["snapshots"] = nlohmann::json::array();
  for (const auto& [version, snapshot] : snapshots) {
    header["snapshots"].push_back(version);
    file.blobs.push_back(to_blob(snapshot->state));
  }
  file.write(config_.checkpoint);
}

template <class Real>
void TrainingRun<Real>::load_checkpoint() {
  const CheckpointFile file = CheckpointFile::read(config_.resume);
  const nlohmann::json& header = file.header;
  try {
    const nlohmann::json own = identity();
    if (header.at("identity") != own) {
      const nlohmann::json difference = nlohmann::json::diff(header.at("identity"), own);
      throw ConfigError("the checkpoint '" + config_.resume +
                        "' is of another run: its configuration differs at " +
                        difference.at(0).at("path").get<std::string>());
    }
    fleet_->host().restore(header.at("host"));
    fleet_->restore_clock(header.at("clock"));
    statistics_.restore(header.at("statistics"));
    timeline_.restore(header.at("timeline"));
    k_.restore(header.at("k"));
    header.at("notes").get_to(notes_);
    // The grid of the first part goes on, whatever the new limits would have made it.
    header.at("grid").at(0).get_to(grid_interval_);
    header.at("grid").at(1).get_to(grid_updates_);
    header.at("grid").at(2).get_to(grid_index_);
    header.at("settled").get_to(settled_);
    if (header.contains("points")) {
      for (const auto& point : header.at("points")) points_.push_back(point_from_json(point));
    }
    begun_ = points_.size();
    check_target(0);

    std::size_t blob = 0;
    const auto next_blob = [&]() -> const std::string& { return file.blobs.at(blob++); };
    const nlohmann::json& server = header.at("server");
    const auto load_part = [&](const char* kind, std::size_t index, auto& part) {
      part.restore(server.at(kind).at(index));
      for (auto* vector : part.vectors()) from_blob(next_blob(), *vector);
    };
    for (std::size_t i = 0; i < server_.slots().size(); ++i) {
      load_part("slots", i, *server_.slots()[i]);
    }
    for (std::size_t i = 0; i < server_.tables().size(); ++i) {
      load_part("tables", i, server_.tables()[i]);
    }
    if (server_.transform() != nullptr) load_part("transform", 0, *server_.transform());
    if (server_.attack() != nullptr) load_part("attack", 0, *server_.attack());
    load_part("scalars", 0, server_.mutable_step_scalars());
    server.at("merged").get_to(server_.merged());
    const Ticket* ticket = wire_.ticket();
    if (ticket != nullptr && header.at("ticket") != ticket->digest) {
      throw DataError("the checkpoint '" + config_.resume +
                      "' is of another ticket: the file of its weights has changed");
    }
    momentum_.remember(header.at("velocities").get<std::vector<std::uint32_t>>());
    for (auto* vector : momentum_.vectors()) from_blob(next_blob(), *vector);
    for (const auto& worker : header.at("rememberers")) {
      std::vector<std::vector<Real>> vectors(program_->vectors(),
                                             std::vector<Real>(workload_->dimension()));
      for (auto& vector : vectors) from_blob(next_blob(), vector);
      wire_.remember(worker.get<std::uint32_t>(), std::move(vectors));
    }
    for (auto* vector : server_.optimizer().vectors()) from_blob(next_blob(), *vector);
    for (auto* vector : server_.noise().vectors()) from_blob(next_blob(), *vector);
    server_.noise().restore_count(server.at("noise").get<std::size_t>());
    for (auto* vector : server_.running_average().vectors()) from_blob(next_blob(), *vector);
    server_.running_average().restore_count(server.at("averaged").get<std::uint64_t>());
    server_.optimizer().restore_steps(server.at("optimizer_steps").get<std::uint64_t>());
    fleet_->payloads().restore_folds(server.at("folds").get<std::uint64_t>());

    std::map<Version, std::shared_ptr<const Snapshot<Real>>> snapshots;
    const auto restored = [&](Version version) {
      auto snapshot = server_.mutable_pool().take();
      snapshot->version = version;
      from_blob(next_blob(), snapshot->state);
      snapshots[version] = snapshot;
      return snapshot;
    };
    server_.restore(restored(header.at("version").get<Version>()),
                    server.at("gradients").get<double>(), server.at("k").get<double>());
    for (const auto& version : header.at("snapshots")) restored(version.get<Version>());
    std::size_t next_start = 0;
    for (WorkerId worker = 0; worker < config_.fleet.workers; ++worker) {
      if (!fleet_->host().busy(worker)) continue;
      const auto& start = header.at("starts").at(next_start++);
      JobStart<Real> from;
      from.read = snapshots.at(start.at(0).get<Version>());
      if (program_->needs_previous()) from.previous = snapshots.at(start.at(1).get<Version>());
      start.at(2).get_to(from.step_size);
      fleet_->payloads().resume(fleet_->host().job(worker), std::move(from));
    }
    if (program_->needs_previous()) {
      server_.restore_previous(snapshots.at(header.at("previous").get<Version>()));
    }
    if (!config_.log.empty()) {
      if (!header.contains("log")) {
        throw ConfigError("the checkpoint is of a run without a log, so none can be continued");
      }
      log_ = std::make_unique<EventLog>(config_.log, header.at("log").get<std::uint64_t>());
      recorder_ = std::make_unique<UpdateRecorder>(
          config_.fleet.workers, [this](const UpdateRecord& record) { log_->write(record); });
      recorder_->restore(header.at("recorder"));
    }
  } catch (const nlohmann::json::exception& error) {
    throw DataError("the checkpoint '" + config_.resume + "' can't be used: " + error.what());
  } catch (const std::out_of_range& error) {
    throw DataError("the checkpoint '" + config_.resume + "' is incomplete: " + error.what());
  }
}

template class TrainingRun<float>;
template class TrainingRun<double>;

}  // namespace syncline
