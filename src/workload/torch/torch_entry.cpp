#include "syncline/torch_model.hpp"
#include "workload/torch/workload.hpp"

namespace syncline {

RegistryEntry<WorkloadFactory> torch_entry(std::string name, std::string summary,
                                           std::string source, std::vector<Parameter> parameters,
                                           TensorFormat format, NetworkBuilder builder) {
  const auto recipe = [name, format, builder = std::move(builder)](const Arguments& arguments) {
    ModelSource model = [arguments, builder](const NetworkSite& site, torch::Dtype type,
                                             const torch::Device& device) {
      return load_network(builder(arguments, site), site.random, type, device);
    };
    return ModelRecipe{name, std::move(model), format};
  };
  WorkloadFactory factory;
  factory.needs_dataset = true;
  factory.single = [recipe](const Arguments& arguments, const WorkloadContext& context) {
    return make_torch_workload<float>(recipe(arguments), context);
  };
  factory.full = [recipe](const Arguments& arguments, const WorkloadContext& context) {
    return make_torch_workload<double>(recipe(arguments), context);
  };
  return {std::move(name), std::move(summary), std::move(source), std::move(parameters),
          std::move(factory)};
}

}  // namespace syncline
