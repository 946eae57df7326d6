#include "store.hpp"

#include <algorithm>
#include <cmath>
#include <fstream>

#include "base/atomic_file.hpp"
#include "record.hpp"
#include "syncline/error.hpp"

namespace syncline::repro {
namespace {

constexpr const char* seconds_file = "results/seconds.json";

std::optional<Json> read_json(const std::filesystem::path& file) {
  if (!std::filesystem::exists(file)) return std::nullopt;
  std::ifstream stream(file);
  try {
    return Json::parse(stream);
  } catch (const Json::exception& error) {
    throw DataError("the stored result " + file.string() + " is damaged (" + error.what() +
                    "); remove it, and it will be computed again");
  }
}

/// A member on a line of its own, arrays in one line: small, and a change can be read in a diff.
std::string lines_of(const Json& record) {
  std::string text = "{\n";
  for (const auto& [name, value] : record.items()) {
    if (text.size() > 2) text += ",\n";
    text += Json(name).dump() + ": " + value.dump();
  }
  return text + "\n}\n";
}

}  // namespace

std::filesystem::path Store::run_file(const Study& study, const std::string& name) const {
  return folder_ / "results" / study.id / (name + ".json");
}

std::optional<Json> Store::computed(const Study& study) const {
  return read_json(folder_ / "results" / (study.id + ".json"));
}

void Store::save_computed(const Study& study, const Json& computed, double seconds) const {
  write_file_atomically(folder_ / "results" / (study.id + ".json"), {lines_of(computed)});
  Json all = read_json(folder_ / seconds_file).value_or(Json::object());
  all[study.id] = std::max(0.1, std::round(10 * seconds) / 10);
  write_file_atomically(folder_ / seconds_file, {lines_of(all)});
}

double Store::seconds(const Study& study) const {
  const Json all = read_json(folder_ / seconds_file).value_or(Json::object());
  return study.compute ? all.value(study.id, 0.0) : 0.0;
}

std::optional<Json> Store::run(const Study& study, const std::string& name) const {
  return read_json(run_file(study, name));
}

void Store::save_run(const Study& study, const std::string& name, const Json& record) const {
  write_file_atomically(run_file(study, name), {lines_of(record)});
}

std::optional<Json> Store::part(const Study& study, const Part& wanted) const {
  auto stored = run(study, wanted.name);
  if (!stored || filled_in(stored->at("settings")) != filled_in(wanted.settings)) {
    return std::nullopt;
  }
  return stored;
}

void Store::save_part(const Study& study, const Part& made, const Json& computed,
                      double seconds) const {
  Json record = {{"settings", made.settings}, {"seconds", std::round(10 * seconds) / 10}};
  record.update(computed);
  save_run(study, made.name, record);
}

Results Store::results(const Study& study, const std::vector<Run>& wanted,
                       const std::vector<Part>& parts) const {
  Results results;
  if (study.compute) results.computed = computed(study).value_or(Json());
  for (const Run& one : wanted) {
    auto record = run(study, one.name);
    if (record && covers(*record, one.config)) results.runs.emplace(one.name, std::move(*record));
  }
  for (const Part& one : parts) {
    auto record = part(study, one);
    if (record) results.parts.emplace(one.name, std::move(*record));
  }
  return results;
}

}  // namespace syncline::repro
