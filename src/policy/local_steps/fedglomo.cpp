#include "policy/entries.hpp"
#include "policy/local_steps/rounds.hpp"

namespace syncline {
namespace {

constexpr const char* paper = "Das, Acharya, Hashemi, Sanghavi, Dhillon, Topcu, arXiv 2012.04061";

/// Gradients that a job takes: one at the first step, two at each further one.
std::uint32_t gradients_of_a_chain(std::uint32_t steps) { return 2 * steps - 1; }

void check_damping(const Arguments& arguments) {
  if (arguments.non_negative("damping") > 1) arguments.refuse("damping", "must be 0 to 1");
}

}  // namespace

PolicyEntry fedlomo_policy() {
  std::vector<Parameter> parameters = round_parameters("10", "0");
  parameters.push_back({"damping", "of the local correction, 0 to 1; 0.8 if data differ", "1"});
  return {"fedlomo", "rounds of local steps whose noise is reduced by momentum", paper,
          std::move(parameters), [](const Arguments& arguments, const PolicyContext& context) {
            check_damping(arguments);
            auto settings = round_settings(arguments, context);
            settings.work.gradients = gradients_of_a_chain(settings.work.steps);
            settings.program = "local-momentum(damping=" + arguments.text("damping") + ")";
            return std::make_unique<Rounds>(std::move(settings));
          }};
}

PolicyEntry fedglomo_policy() {
  std::vector<Parameter> parameters = round_parameters("10", "0");
  parameters.push_back({"beta", "of the global momentum, above 0 to 1; 1 is fedlomo", "0.2"});
  parameters.push_back({"damping", "of the local correction, 0 to 1; 0.8 if data differ", "1"});
  return {"fedglomo", "fedlomo with momentum at the server too, from two chains of local steps",
          paper, std::move(parameters),
          [](const Arguments& arguments, const PolicyContext& context) {
            check_damping(arguments);
            if (arguments.positive("beta") > 1) arguments.refuse("beta", "must be above 0, to 1");
            auto settings = round_settings(arguments, context);
            settings.work.gradients = 2 * gradients_of_a_chain(settings.work.steps);
            settings.program =
                "local-momentum(two_chains=yes, damping=" + arguments.text("damping") + ")";
            settings.optimizer = "global-momentum(beta=" + arguments.text("beta") + ")";
            return std::make_unique<Rounds>(std::move(settings));
          }};
}

}  // namespace syncline
