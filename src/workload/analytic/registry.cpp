#include "workload/analytic/registry.hpp"

#include "workload/analytic/quadratic.hpp"
#include "workload/analytic/softmax.hpp"
#include "workload/analytic/tridiagonal.hpp"

namespace syncline {
namespace {

template <class Real>
using Make = std::shared_ptr<const Workload<Real>> (*)(const Arguments&, const WorkloadContext&);

/// What these workloads cannot do must be refused: silence would pass for consent.
template <class Real>
auto plain(Make<Real> make) {
  return [make](const Arguments& arguments, const WorkloadContext& context) {
    if (context.augmentation != "none") {
      throw ConfigError("'" + arguments.spec().name + "' has no augmentation '" +
                        context.augmentation + "'; libtorch models have");
    }
    if (context.device != "cpu") {
      throw ConfigError("'" + arguments.spec().name + "' runs on the cpu only, not on '" +
                        context.device + "'");
    }
    return make(arguments, context);
  };
}

template <class Make32, class Make64>
WorkloadFactory factory(bool needs_dataset, Make32 single, Make64 full) {
  return {needs_dataset, plain<float>(single), plain<double>(full)};
}

}  // namespace

std::vector<RegistryEntry<WorkloadFactory>> analytic_workloads() {
  return {{"quadratic",
           "1/2 sum a_i w_i^2 with chosen eigenvalues and Gaussian gradient noise",
           "the setting of the error bounds, arXiv 2003.10579 section 4",
           {{"dimension", "number of parameters", "100"},
            {"condition", "largest eigenvalue (1) over the smallest", "100"},
            {"noise", "sigma: E||gradient noise||^2 = sigma^2 / batch size", "1"},
            {"start", "initial value of every parameter", "1"},
            {"spectrum", "how eigenvalues lie between: log, linear or constant (all 1)", "log"},
            {"unlike", "how far apart the workers' own minima lie: unlike data; 0: all alike", "0"},
            {"workers", "how many workers, if their data are unlike", "0"}},
           factory(false, make_quadratic<float>, make_quadratic<double>)},
          {"tridiagonal",
           "the tridiagonal quadratic on which asynchronous methods are compared",
           "Tyurin and Richtarik, arXiv 2305.12387",
           {{"dimension", "number of parameters", "1729"},
            {"noise", "standard deviation of the gradient noise of a coordinate", "0.01"},
            {"noise_kind", "per-coordinate, or shared: one draw added to all", "per-coordinate"}},
           factory(false, make_tridiagonal<float>, make_tridiagonal<double>)},
          {"softmax",
           "softmax regression with bias on any data set",
           "arXiv 1803.01113, supplement section 9",
           {{"lambda", "weight of ||W||^2 in the loss", "0.01"},
            {"init", "standard deviation of the initial weights and biases", "0.01"}},
           factory(true, make_softmax<float>, make_softmax<double>)}};
}

}  // namespace syncline
