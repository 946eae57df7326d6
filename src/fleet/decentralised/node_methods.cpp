#include <algorithm>

#include "fleet/decentralised/mixing.hpp"
#include "syncline/decentralised.hpp"

namespace syncline {
namespace {

NodeMethod method(const Arguments& arguments, NodeMethod::Timing timing, std::string mixing) {
  NodeMethod result;
  result.timing = timing;
  result.mixing = std::move(mixing);
  result.topology = arguments.text("topology");
  result.faulty = arguments.text("faulty");
  result.neighbours = result.mixing.empty() ? 1 : neighbours_needed(result.mixing);
  return result;
}

NodeMethod dgd(const Arguments& arguments) {
  const std::string& weights = arguments.text("weights");
  if (weights != "uniform" && weights != "metropolis") {
    arguments.refuse("weights", "must be metropolis or uniform");
  }
  return method(arguments, NodeMethod::Timing::rounds, weights);
}

NodeMethod bridge(const Arguments& arguments) {
  const std::string& screen = arguments.text("screen");
  const auto& entry = mixings().find(screen);
  if (entry.parameters.empty()) {
    arguments.refuse("screen", "must be trimmed-mean, median, krum or bulyan: " + screen +
                                   " bears no faulty neighbour; that is dgd(weights=" + screen +
                                   ")");
  }
  return method(arguments, NodeMethod::Timing::rounds,
                screen + "(b=" + std::to_string(arguments.whole("b")) + ")");
}

NodeMethod ad_psgd(const Arguments& arguments) {
  return method(arguments, NodeMethod::Timing::pairs, "");
}

}  // namespace

const Registry<NodeMethodFactory>& node_methods() {
  static const Parameter faulty = {"faulty", "none, or uniform(workers, who, low, high)", "none"};
  static const auto topology = [](const char* usual) {
    return Parameter{"topology", "who hears whom", usual};
  };
  static const Registry<NodeMethodFactory> registry(
      "decentralised method",
      {{"dgd",
        "each node the mean of its neighbours' models, less its gradient",
        "Nedic and Ozdaglar (2009); D-PSGD: Lian et al., arXiv 1705.09056",
        {topology("ring"), {"weights", "of the mean: metropolis or uniform", "metropolis"}, faulty},
        dgd},
       {"bridge",
        "the same, with models screened for faulty ones",
        "Fang et al., arXiv 1908.08098",
        {{"screen", "trimmed-mean, median, krum or bulyan", "trimmed-mean"},
         {"b", "faulty neighbours of a node, at most", "2"},
         topology("random(p=0.5)"),
         faulty},
        bridge},
       {"ad-psgd",
        "no rounds: each node takes the mean with one random neighbour, less its gradient",
        "Lian et al., arXiv 1710.06952",
        {topology("ring"), faulty},
        ad_psgd}});
  return registry;
}

NodeMethod make_node_method(std::string_view text) {
  const Spec spec = parse_spec(text);
  const auto& entry = node_methods().find(spec.name);
  return entry.make(Arguments(spec, entry.parameters));
}

bool is_node_method(std::string_view policy) {
  const auto names = node_methods().names();
  return std::find(names.begin(), names.end(), parse_spec(policy).name) != names.end();
}

}  // namespace syncline
