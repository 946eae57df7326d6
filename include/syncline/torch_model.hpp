#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "syncline/random.hpp"
#include "syncline/workload.hpp"

// How a libtorch model of your own becomes a workload (docs/models.md, examples/own_model). This
// header names libtorch's types but includes none of its headers: include <torch/torch.h> where you
// write the model.
namespace at {
class Tensor;
}
namespace torch::nn {
class Module;
}

namespace syncline {

/// The random numbers of the job that a replica is working on. A model that draws (dropout) keeps
/// the one it was built with and draws from it alone: never from libtorch's process-wide generator,
/// whose order depends on the threads.
class JobRandom {
 public:
  /// Called by the replica before each forward pass in training.
  void begin(const DrawKey& key) { stream_ = DrawStream(Stream::dropout, key); }
  [[nodiscard]] DrawStream& stream() { return stream_; }

 private:
  DrawStream stream_{Stream::dropout, DrawKey{}};
};

/// Inverted dropout (Srivastava et al., JMLR 15, 2014): each element becomes 0 with `probability`
/// in [0, 1), else x / (1 - probability). Returns `input` itself if not `training` or `probability`
/// = 0.
at::Tensor dropout(const at::Tensor& input, double probability, bool training, JobRandom& random);

/// What a network is built for; the shapes come from the data set.
struct NetworkSite {
  std::int64_t channels = 0, height = 0, width = 0;  ///< of one input sample
  std::int64_t classes = 0;                          ///< outputs: unnormalised log-probabilities
  std::shared_ptr<JobRandom> random;                 ///< never null
};

/// A module with its forward pass: float or double N x channels x height x width (channels-last in
/// memory if the entry asks for it: use reshape or flatten, not view) -> N x classes.
struct Network {
  std::shared_ptr<torch::nn::Module> module;
  std::function<at::Tensor(const at::Tensor&)> forward;
};

/// Wraps any module with `at::Tensor forward(at::Tensor)`.
template <class Module>
[[nodiscard]] Network as_network(std::shared_ptr<Module> module) {
  Network network;
  network.forward = [model = module.get()](const at::Tensor& input) {
    return model->forward(input);
  };
  network.module = std::move(module);
  return network;
}

/// Builds one network with PyTorch's default initialisation (or its own, drawn from libtorch's
/// generator, which is seeded for it). Called once per replica, never twice at a time.
/// May throw ConfigError, for instance where the images are too small.
using NetworkBuilder = std::function<Network(const Arguments&, const NetworkSite&)>;

/// How the tensors of a network lie in memory. Channels-last pays for wide convolutions.
enum class TensorFormat { contiguous, channels_last };

/// One row of the registry of workloads, in both precisions. The loss is the mean cross-entropy;
/// batch norm (any floating-point buffer that the forward pass updates as a running average) is
/// handled as docs/models.md says.
[[nodiscard]] RegistryEntry<WorkloadFactory> torch_entry(std::string name, std::string summary,
                                                         std::string source,
                                                         std::vector<Parameter> parameters,
                                                         TensorFormat format,
                                                         NetworkBuilder builder);

/// Adds a row to `workloads()`. Call it before anything reads that registry, from one thread.
void add_torch_model(RegistryEntry<WorkloadFactory> entry);

}  // namespace syncline
