#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "syncline/dataset.hpp"
#include "syncline/error.hpp"
#include "syncline/random.hpp"
#include "syncline/registry.hpp"

namespace syncline {

/// Which samples an evaluation runs over.
enum class Split { train, test };

/// Sums over the samples of an evaluation; add them in a fixed order for identical bits.
struct EvaluationSums {
  double loss = 0;   ///< sum over samples of the loss (for analytic workloads: F(w) - F*)
  double wrong = 0;  ///< misclassified samples (analytic workloads: 0)
  double samples = 0;
};

/// One tensor of the state, for files: PyTorch's name, and where it lies in the flat state.
struct NamedTensor {
  std::string name;                 ///< "layer1.0.conv1.weight"
  std::vector<std::int64_t> shape;  ///< PyTorch's shape (convolutions O, I, H, W)
  std::size_t offset = 0;           ///< first element in the state
  bool channels_last = false;       ///< the flat slice is stored O, H, W, I
};

/// One compute thread's private copy of the model. Not thread-safe; use from one thread at a time.
///
/// A *state* is one flat vector: `dimension()` parameters, then `buffers()` batch-norm statistics.
/// A *payload* has the same length: the gradient, then the raw statistics of the batch (mean and
/// unbiased variance: the replica runs batch norm with momentum 1).
template <class Real>
class Replica {
 public:
  virtual ~Replica() = default;

  /// Computes the mean gradient over `batch` (sample numbers of the training split; ignored by
  /// workloads without data) at `state` into `payload`, overwriting it. All randomness (dropout,
  /// augmentation, gradient noise) comes from `key`, so the result depends on the arguments alone,
  /// bit for bit. Returns the mean loss of the batch; it may be non-finite, and is never an error.
  virtual double gradient(std::span<const Real> state, std::span<const std::uint32_t> batch,
                          const DrawKey& key, std::span<Real> payload) = 0;

  /// Whether gradients are from now on those of false labels, classes - 1 - y in place of y; at
  /// first they are not. Evaluations never are. REQUIRES: false, unless the workload classifies the
  /// samples of a data set.
  virtual void flip_labels(bool flipped) {
    if (flipped) throw InternalError("this workload has no labels to flip");
  }

  /// Evaluates samples first..last-1 of a split at `state`, without augmentation or dropout, with
  /// the running statistics of the state. Analytic workloads have one "sample".
  virtual EvaluationSums evaluate(std::span<const Real> state, Split split, std::size_t first,
                                  std::size_t last) = 0;
};

/// What is trained. Immutable after construction and safe to share; replicas do the work.
template <class Real>
class Workload {
 public:
  virtual ~Workload() = default;

  [[nodiscard]] virtual std::size_t dimension() const = 0;  ///< parameters
  [[nodiscard]] virtual std::size_t buffers() const { return 0; }
  /// The server's momentum of the running average of batch statistics (PyTorch's default).
  [[nodiscard]] virtual double buffer_momentum() const { return 0.1; }
  /// Writes the initial state (dimension() + buffers() elements), a function of the seed alone.
  virtual void initialise(std::uint64_t seed, std::span<Real> state) const = 0;
  [[nodiscard]] virtual std::unique_ptr<Replica<Real>> make_replica() const = 0;

  /// The data that batches are drawn from; null for analytic workloads.
  [[nodiscard]] virtual const Dataset* dataset() const { return nullptr; }
  /// Samples of a split as `evaluate` counts them; 1 for analytic workloads.
  [[nodiscard]] virtual std::size_t samples(Split split) const = 0;
  /// Whether `wrong` means anything (classification) or only `loss` does.
  [[nodiscard]] virtual bool classifies() const = 0;
  /// Names and places of all tensors of the state, in order of offset, without gaps.
  [[nodiscard]] virtual std::vector<NamedTensor> layout() const = 0;
};

/// What a workload factory gets beside its own arguments.
struct WorkloadContext {
  std::shared_ptr<const Dataset> dataset;  ///< null if none was configured
  std::string augmentation = "none";       ///< none | pad-crop-flip
  std::string device = "cpu";              ///< cpu | cuda (libtorch models only)
};

/// A factory makes the workload in both precisions.
struct WorkloadFactory {
  bool needs_dataset = false;
  std::function<std::shared_ptr<const Workload<float>>(const Arguments&, const WorkloadContext&)>
      single;
  std::function<std::shared_ptr<const Workload<double>>(const Arguments&, const WorkloadContext&)>
      full;
};

/// All workloads by name, analytic ones first.
[[nodiscard]] const Registry<WorkloadFactory>& workloads();

/// Makes a workload from `softmax(lambda=0.01)`, `lenet`, `resnet20`, `torchscript(file=m.pt)`.
template <class Real>
[[nodiscard]] std::shared_ptr<const Workload<Real>> make_workload(std::string_view spec,
                                                                  const WorkloadContext& context);

}  // namespace syncline
