#include "policy/entries.hpp"
#include "policy/local_steps/rounds.hpp"

namespace syncline {

PolicyEntry fedavg_policy() {
  std::vector<Parameter> parameters = round_parameters("10", "0");
  parameters.push_back({"momentum", "of the local steps, 0 <= mu < 1", "0"});
  return {"fedavg", "rounds of local SGD, then the mean of all: local SGD, FedAvg",
          "McMahan et al., arXiv 1602.05629", std::move(parameters),
          [](const Arguments& arguments, const PolicyContext& context) {
            auto settings = round_settings(arguments, context);
            static_cast<void>(arguments.non_negative("momentum"));
            settings.program = "local-sgd(momentum=" + arguments.text("momentum") + ")";
            return std::make_unique<Rounds>(std::move(settings));
          }};
}

}  // namespace syncline
