#include "store.hpp"

#include <fstream>

#include "base/atomic_file.hpp"
#include "record.hpp"
#include "syncline/error.hpp"

namespace syncline::repro {
namespace {

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

void write_json(const std::filesystem::path& file, const Json& json, int indent) {
  const std::string text = json.dump(indent) + "\n";
  write_file_atomically(file, {text});
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

void Store::save_computed(const Study& study, const Json& computed) const {
  write_json(folder_ / "results" / (study.id + ".json"), computed, 1);
}

std::optional<Json> Store::run(const Study& study, const std::string& name) const {
  return read_json(run_file(study, name));
}

void Store::save_run(const Study& study, const std::string& name, const Json& record) const {
  write_file_atomically(run_file(study, name), {lines_of(record)});
}

Results Store::results(const Study& study, const std::vector<Run>& wanted) const {
  Results results;
  if (study.compute) results.computed = computed(study).value_or(Json());
  for (const Run& one : wanted) {
    auto record = run(study, one.name);
    if (record && covers(*record, one.config)) results.runs.emplace(one.name, std::move(*record));
  }
  return results;
}

}  // namespace syncline::repro
