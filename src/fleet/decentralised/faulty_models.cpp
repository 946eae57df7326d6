#include "fleet/decentralised/faulty_models.hpp"

#include <string>
#include <type_traits>

#include "server/attacks/bad_workers.hpp"
#include "syncline/error.hpp"
#include "syncline/random.hpp"

namespace syncline {
namespace {

constexpr Stream faulty_stream = static_cast<Stream>(35);

/// w <- uniform on (low, high) in each coordinate; the draws depend on seed, node and round alone.
template <class Real>
class UniformModels final : public Attack<Real> {
 public:
  UniformModels(const Arguments& arguments, const AggregatorShape& shape, std::uint32_t nodes)
      : Attack<Real>(bad_workers(arguments, nodes)),
        shape_(shape),
        low_(arguments.number("low")),
        high_(arguments.number("high")) {
    if (high_ <= low_) arguments.refuse("high", "must be above low");
  }

  void apply(WorkerId node, std::uint64_t job, std::span<Real> model) override {
    DrawStream stream(faulty_stream, {shape_.seed, node, job});
    for (Real& w : model.first(shape_.dimension)) {
      w = static_cast<Real>(low_ + (high_ - low_) * stream.uniform());
    }
  }

 private:
  AggregatorShape shape_;
  double low_, high_;
};

std::vector<Parameter> uniform_parameters() {
  std::vector<Parameter> all = bad_worker_parameters();
  all.push_back({"low", "least value", "-1"});
  all.push_back({"high", "largest value", "0"});
  return all;
}

}  // namespace

const Registry<AttackFactory>& faulty_models() {
  static const Registry<AttackFactory> registry(
      "faulty node",
      {{"uniform",
        "uniform numbers in place of the model",
        "Fang et al., arXiv 1908.08098",
        uniform_parameters(),
        {[](const Arguments& arguments, const AggregatorShape& shape, std::uint32_t nodes) {
           return std::make_unique<UniformModels<float>>(arguments, shape, nodes);
         },
         [](const Arguments& arguments, const AggregatorShape& shape, std::uint32_t nodes) {
           return std::make_unique<UniformModels<double>>(arguments, shape, nodes);
         }}}});
  return registry;
}

template <class Real>
std::unique_ptr<Attack<Real>> make_node_attack(std::string_view faulty, std::string_view attack,
                                               const AggregatorShape& shape, std::uint32_t nodes) {
  std::unique_ptr<Attack<Real>> result = make_attack<Real>(attack, shape, nodes);
  if (result && (result->flips_labels() || result->pace() != 1)) {
    throw ConfigError("worker.attack: " + std::string(attack) +
                      " is about how a worker makes gradients for a server, and nodes send models");
  }
  if (faulty != "none") {
    if (result) {
      throw ConfigError("worker.attack is " + std::string(attack) + ", and the method has faulty=" +
                        std::string(faulty) + ": set one of them to none");
    }
    const Spec spec = parse_spec(faulty);
    const auto& entry = faulty_models().find(spec.name);
    const Arguments arguments(spec, entry.parameters);
    if constexpr (std::is_same_v<Real, float>) {
      result = entry.make.single(arguments, shape, nodes);
    } else {
      result = entry.make.full(arguments, shape, nodes);
    }
  }
  if (!result) return result;
  for (WorkerId node = 0; node < nodes; ++node) {
    if (!result->bad(node)) return result;
  }
  throw ConfigError("all " + std::to_string(nodes) +
                    " nodes are faulty: nobody is left to look at; make fewer of them faulty");
}
template std::unique_ptr<Attack<float>> make_node_attack(std::string_view, std::string_view,
                                                         const AggregatorShape&, std::uint32_t);
template std::unique_ptr<Attack<double>> make_node_attack(std::string_view, std::string_view,
                                                          const AggregatorShape&, std::uint32_t);

}  // namespace syncline
