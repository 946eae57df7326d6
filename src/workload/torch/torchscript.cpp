#include "workload/torch/torchscript.hpp"

#include <fstream>
#include <sstream>

#include <torch/script.h>

#include "syncline/error.hpp"
#include "workload/torch/workload.hpp"

namespace syncline {
namespace {

/// The whole file: replicas made later see the same model even if the file has changed by then.
std::string read_file(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  std::ostringstream content;
  if (!stream || !(content << stream.rdbuf())) {
    throw DataError("can't read the model '" + path +
                    "': write it in Python with torch.jit.script(model).save('" + path + "')");
  }
  return content.str();
}

LoadedModel parse_model(const std::string& path, const std::string& content,
                        std::shared_ptr<JobRandom> random, torch::Dtype type,
                        const torch::Device& device) {
  LoadedModel model;
  try {
    std::istringstream stream(content);
    torch::jit::Module module = torch::jit::load(stream, device);
    for (const auto& item : module.named_parameters()) {
      append_unique(model.parameters, item.name, item.value);
    }
    for (const auto& item : module.named_buffers()) {
      append_unique(model.buffers, item.name, item.value);
    }
    model.train = [module](bool on) mutable { module.train(on); };
    model.forward = [module](const torch::Tensor& input) mutable {
      return module.forward({input}).toTensor();
    };
    convert(model, type, device);
  } catch (const std::exception& error) {
    const auto* plain = dynamic_cast<const c10::Error*>(&error);
    const std::string reason = plain ? plain->what_without_backtrace() : error.what();
    throw DataError(
        "'" + path + "' is no readable TorchScript model (" + reason.substr(0, reason.find('\n')) +
        "): write it again with torch.jit.script(model).save(...); a state_dict written "
        "by torch.save is not enough");
  }
  model.random = std::move(random);
  return model;
}

ModelRecipe recipe(const Arguments& arguments) {
  const std::string path = arguments.text("file");
  auto content = std::make_shared<const std::string>(read_file(path));
  ModelSource source = [path, content](const NetworkSite& site, torch::Dtype type,
                                       const torch::Device& device) {
    return parse_model(path, *content, site.random, type, device);
  };
  return {
      path, std::move(source),
      arguments.boolean("channels_last") ? TensorFormat::channels_last : TensorFormat::contiguous};
}

}  // namespace

RegistryEntry<WorkloadFactory> torchscript_entry() {
  WorkloadFactory factory;
  factory.needs_dataset = true;
  factory.single = [](const Arguments& arguments, const WorkloadContext& context) {
    return make_torch_workload<float>(recipe(arguments), context);
  };
  factory.full = [](const Arguments& arguments, const WorkloadContext& context) {
    return make_torch_workload<double>(recipe(arguments), context);
  };
  return {
      "torchscript",
      "your own model from a TorchScript file, also written --model FILE",
      "pytorch.org/docs/stable/jit.html",
      {{"file", "written by torch.jit.script(model).save(...)", std::nullopt},
       {"channels_last",
        "true: images come channels-last in memory; faster for wide convolutions, but the model "
        "must use reshape or flatten, not view",
        "false"}},
      std::move(factory)};
}

}  // namespace syncline
