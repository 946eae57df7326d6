#include "workload/data/npy_pairs.hpp"

#include "workload/data/normaliser.hpp"
#include "workload/data/npy.hpp"
#include "workload/data/samples.hpp"

namespace syncline {

Dataset read_npy_pairs(const NpyFiles& files) {
  Dataset dataset;
  dataset.train = read_npy_samples(files.train_x);
  dataset.train.labels = read_npy_labels(files.train_y);
  dataset.test = read_npy_samples(files.test_x);
  dataset.test.labels = read_npy_labels(files.test_y);
  check_splits(dataset, files.train_x);
  measure_normalisation(dataset);
  return dataset;
}

}  // namespace syncline
