#include <string>

#include "syncline/dataset.hpp"
#include "workload/data/cifar.hpp"
#include "workload/data/idx_folder.hpp"
#include "workload/data/normaliser.hpp"
#include "workload/data/npy_pairs.hpp"

namespace syncline {
namespace {

using Path = std::filesystem::path;

constexpr const char* debian_folder = "/usr/share/datasets/fashion-mnist";

std::shared_ptr<const Dataset> named(Dataset dataset, const Arguments& arguments) {
  dataset.name = to_text(arguments.spec());
  return std::make_shared<const Dataset>(std::move(dataset));
}

/// What brings a data set where it was looked for.
std::string fetching(const std::string& name, const std::string& override_folder) {
  const std::string command = "syncline data get " + name;
  return override_folder.empty() ? command : command + " --data-folder '" + override_folder + "'";
}

Dataset digits(const Path& folder, float mean, float deviation, const std::string& command) {
  if (!has_idx_files(folder)) {
    throw DataError("the data set is not in " + folder.string() + "; get it with: " + command);
  }
  Dataset dataset = read_idx_folder(folder);
  dataset.mean = {mean};
  dataset.deviation = {deviation};
  return dataset;
}

std::shared_ptr<const Dataset> fashion_mnist(const Arguments& arguments, const std::string&) {
  return named(digits(debian_folder, 0.2860F, 0.3530F, "apt-get install dataset-fashion-mnist"),
               arguments);
}

std::shared_ptr<const Dataset> mnist(const Arguments& arguments, const std::string& override_) {
  return named(
      digits(data_folder(override_) / "mnist", 0.1307F, 0.3081F, fetching("mnist", override_)),
      arguments);
}

Dataset cached_cifar(const std::string& override_folder) {
  const Path folder = data_folder(override_folder) / "cifar10";
  for (const char* file : cifar_files) {
    std::error_code ignored;
    if (std::filesystem::is_regular_file(folder / file, ignored)) continue;
    throw DataError("the data set is not in " + folder.string() + " (no " + file +
                    "); get it with: " + fetching("cifar10", override_folder));
  }
  return read_cifar_folder(folder);
}

std::shared_ptr<const Dataset> cifar10(const Arguments& arguments, const std::string& override_) {
  return named(cached_cifar(override_), arguments);
}

std::shared_ptr<const Dataset> cifar10_grey(const Arguments& arguments,
                                            const std::string& override_) {
  return named(to_grey(cached_cifar(override_)), arguments);
}

std::shared_ptr<const Dataset> idx(const Arguments& arguments, const std::string&) {
  Dataset dataset = read_idx_folder(arguments.text("folder"));
  measure_normalisation(dataset);
  return named(std::move(dataset), arguments);
}

std::shared_ptr<const Dataset> cifar(const Arguments& arguments, const std::string&) {
  return named(read_cifar_folder(arguments.text("folder")), arguments);
}

std::shared_ptr<const Dataset> npy(const Arguments& arguments, const std::string&) {
  return named(read_npy_pairs({.train_x = arguments.text("train_x"),
                               .train_y = arguments.text("train_y"),
                               .test_x = arguments.text("test_x"),
                               .test_y = arguments.text("test_y")}),
               arguments);
}

}  // namespace

const Registry<DatasetFactory>& datasets() {
  static const Registry<DatasetFactory> registry(
      "data set",
      {{"fashion-mnist",
        "60,000 + 10,000 grey pictures of clothes, 28 x 28, 10 classes",
        "Xiao, Rasul, Vollgraf, arXiv 1708.07747; Debian package dataset-fashion-mnist",
        {},
        fashion_mnist},
       {"mnist",
        "60,000 + 10,000 grey handwritten digits, 28 x 28, 10 classes",
        "LeCun, Cortes, Burges; syncline data get mnist",
        {},
        mnist},
       {"cifar10",
        "50,000 + 10,000 colour pictures of things, 3 x 32 x 32, 10 classes",
        "Krizhevsky 2009; syncline data get cifar10",
        {},
        cifar10},
       {"cifar10-grey",
        "cifar10 as grey values, 32 x 32",
        "0.2989 R + 0.5870 G + 0.1140 B, as in arXiv 1803.01113",
        {},
        cifar10_grey},
       {"idx",
        "your own data as the four IDX files of MNIST, gzipped or not",
        "IDX format of yann.lecun.com/exdb/mnist",
        {{"folder", "folder with the four files", std::nullopt}},
        idx},
       {"cifar",
        "CIFAR-10's binary version, wherever it lies",
        "www.cs.toronto.edu/~kriz/cifar.html",
        {{"folder", "folder with data_batch_1.bin ... test_batch.bin", std::nullopt}},
        cifar},
       {"npy",
        "your own data as numpy arrays",
        "numpy.lib.format",
        {{"train_x", "training samples: n x features, n x h x w or n x c x h x w", std::nullopt},
         {"train_y", "training labels 0, 1, ...: uint8, int32 or int64", std::nullopt},
         {"test_x", "test samples", std::nullopt},
         {"test_y", "test labels", std::nullopt}},
        npy}});
  return registry;
}

std::shared_ptr<const Dataset> load_dataset(std::string_view spec,
                                            const std::string& data_folder_override) {
  const Spec parsed = parse_spec(spec);
  const auto& entry = datasets().find(parsed.name);
  return entry.make(Arguments(parsed, entry.parameters), data_folder_override);
}

}  // namespace syncline
