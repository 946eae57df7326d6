#include "base/both_precisions.hpp"
#include "fleet/worker/coded.hpp"
#include "fleet/worker/gradient.hpp"
#include "fleet/worker/local_momentum.hpp"
#include "fleet/worker/local_sgd.hpp"

namespace syncline {
namespace {

template <template <class> class Kind>
ProgramFactory both() {
  return in_both_precisions<ProgramFactory, Kind>();
}

}  // namespace

const Registry<ProgramFactory>& worker_programs() {
  static const Registry<ProgramFactory> registry(
      "worker program", {{"gradient", "one mini-batch gradient", "", {}, both<GradientProgram>()},
                         {"local-sgd",
                          "local steps of SGD, as a displacement",
                          "McMahan et al., arXiv 1602.05629",
                          {{"momentum", "heavy ball, 0 <= mu < 1", "0"}},
                          both<LocalSgd>()},
                         {"local-momentum",
                          "local steps with variance reduced by momentum",
                          "Das et al., arXiv 2012.04061",
                          {{"two_chains", "a second chain from the version before", "false"},
                           {"damping", "of the correction, 0 or more; 1 in the theory", "1"}},
                          both<LocalMomentum>()},
                         {"coded-gradients",
                          "the sum of the gradients of the parts that a group of workers shares",
                          "Tandon et al., arXiv 1612.03301",
                          {},
                          both<CodedGradients>()},
                         {"cyclic-gradients",
                          "a combination of the gradients of the parts that a worker has",
                          "Tandon et al., arXiv 1612.03301",
                          {{"workers", "of the code", std::nullopt},
                           {"stragglers", "that it can bear", std::nullopt}},
                          both<CyclicGradients>()}});
  return registry;
}

template <class Real>
std::unique_ptr<const WorkerProgram<Real>> make_program(std::string_view text) {
  return make_in_precision<Real>(worker_programs(), text);
}
template std::unique_ptr<const WorkerProgram<float>> make_program(std::string_view);
template std::unique_ptr<const WorkerProgram<double>> make_program(std::string_view);

}  // namespace syncline
