#include "fleet/worker/coded.hpp"
#include "fleet/worker/gradient.hpp"
#include "fleet/worker/local_momentum.hpp"
#include "fleet/worker/local_sgd.hpp"

namespace syncline {
namespace {

template <template <class> class Kind>
ProgramFactory factory() {
  return {[](const Arguments& arguments) { return std::make_unique<Kind<float>>(arguments); },
          [](const Arguments& arguments) { return std::make_unique<Kind<double>>(arguments); }};
}

}  // namespace

const Registry<ProgramFactory>& worker_programs() {
  static const Registry<ProgramFactory> registry(
      "worker program",
      {{"gradient", "one mini-batch gradient", "", {}, factory<GradientProgram>()},
       {"local-sgd",
        "local steps of SGD, as a displacement",
        "McMahan et al., arXiv 1602.05629",
        {{"momentum", "heavy ball, 0 <= mu < 1", "0"}},
        factory<LocalSgd>()},
       {"local-momentum",
        "local steps with variance reduced by momentum",
        "Das et al., arXiv 2012.04061",
        {{"two_chains", "a second chain from the version before", "false"},
         {"damping", "of the correction, 0 or more; 1 in the theory", "1"}},
        factory<LocalMomentum>()},
       {"coded-gradients",
        "the sum of the gradients of the parts that a group of workers shares",
        "Tandon et al., arXiv 1612.03301",
        {},
        factory<CodedGradients>()}});
  return registry;
}

template <>
std::unique_ptr<const WorkerProgram<float>> make_program(std::string_view text) {
  const Spec spec = parse_spec(text);
  const auto& entry = worker_programs().find(spec.name);
  return entry.make.single(Arguments(spec, entry.parameters));
}

template <>
std::unique_ptr<const WorkerProgram<double>> make_program(std::string_view text) {
  const Spec spec = parse_spec(text);
  const auto& entry = worker_programs().find(spec.name);
  return entry.make.full(Arguments(spec, entry.parameters));
}

}  // namespace syncline
