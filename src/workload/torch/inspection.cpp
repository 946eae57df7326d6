#include "workload/torch/inspection.hpp"

#include <cmath>

#include <ATen/CPUGeneratorImpl.h>

#include "syncline/error.hpp"

namespace syncline {
namespace {

/// Runs the model on noise and sees what changes. All passes use the same noise and draws.
class Probe {
 public:
  Probe(const std::string& name, LoadedModel& model, const NetworkSite& site, TensorFormat format)
      : name_(name), model_(model), site_(site) {
    input_ = torch::linspace(-1, 1, 2 * site.channels * site.height * site.width, torch::kDouble)
                 .mul(37)
                 .sin()
                 .view({2, site.channels, site.height, site.width});
    if (format == TensorFormat::channels_last) {
      input_ = input_.contiguous(at::MemoryFormat::ChannelsLast);
    }
    for (const auto& buffer : model.buffers) before_.push_back(buffer.tensor.clone());
  }

  [[noreturn]] void refuse(const std::string& why) const {
    throw DataError("model '" + name_ + "' " + why);
  }

  /// One forward pass; returns whether it drew from the process-wide generator.
  bool pass(bool training, std::int64_t samples) {
    torch::manual_seed(1);
    model_.random->begin(DrawKey{});
    const at::Generator generator = at::detail::getDefaultCPUGenerator();
    const torch::Tensor start = generator.get_state();
    model_.train(training);
    torch::Tensor output;
    try {
      output = model_.forward(input_.narrow(0, 0, samples));
    } catch (const std::exception& error) {
      const auto* plain = dynamic_cast<const c10::Error*>(&error);
      refuse("fails on images of " + std::to_string(site_.channels) + " x " +
             std::to_string(site_.height) + " x " + std::to_string(site_.width) +
             " in double precision: " + (plain ? plain->what_without_backtrace() : error.what()));
    }
    if (output.dim() != 2 || output.size(0) != samples || output.size(1) != site_.classes ||
        output.scalar_type() != torch::kDouble) {
      std::string shape;
      for (const auto size : output.sizes())
        shape += (shape.empty() ? "" : ", ") + std::to_string(size);
      refuse("must map " + std::to_string(samples) + " sample(s) to [" + std::to_string(samples) +
             ", " + std::to_string(site_.classes) + "] in the precision of its input, but gave [" +
             shape + "] of type " + c10::toString(output.scalar_type()) +
             "; its last layer must have one output per class of the data set");
    }
    return !torch::equal(start, generator.get_state());
  }

  /// The buffer after a training pass that it entered filled with `value`.
  torch::Tensor updated_from(std::size_t index, double value) {
    const torch::NoGradGuard no_grad;
    restore();
    model_.buffers[index].tensor.fill_(value);
    pass(true, 2);
    return model_.buffers[index].tensor.clone();
  }

  void restore() {
    const torch::NoGradGuard no_grad;
    for (std::size_t i = 0; i < before_.size(); ++i) model_.buffers[i].tensor.copy_(before_[i]);
  }

  [[nodiscard]] bool changed(std::size_t index) const {
    return !torch::equal(before_[index], model_.buffers[index].tensor);
  }

 private:
  const std::string& name_;
  LoadedModel& model_;
  const NetworkSite& site_;
  torch::Tensor input_;
  std::vector<torch::Tensor> before_;
};

void check_parameters(const Probe& probe, const LoadedModel& model) {
  if (model.parameters.empty()) {
    probe.refuse("has no parameters to train; save it before torch.jit.freeze, not after");
  }
  for (const auto& [name, tensor] : model.parameters) {
    if (!tensor.is_floating_point()) probe.refuse("has the non-floating parameter '" + name + "'");
    if (!tensor.requires_grad()) {
      probe.refuse("has the frozen parameter '" + name +
                   "'; call requires_grad_(True) on it, or make it a buffer, before saving");
    }
  }
}

void check_evaluation(Probe& probe, const LoadedModel& model) {
  const torch::NoGradGuard no_grad;
  const bool drew = probe.pass(false, 1);
  if (drew) {
    probe.refuse(
        "draws random numbers in evaluation mode; export it with torch.jit.script, or with "
        "torch.jit.trace after model.eval()");
  }
  for (std::size_t i = 0; i < model.buffers.size(); ++i) {
    if (probe.changed(i)) {
      probe.refuse("changes its buffer '" + model.buffers[i].name +
                   "' in evaluation mode; export it with torch.jit.script, or with "
                   "torch.jit.trace after model.eval()");
    }
  }
}

/// The momentum with which training updates a buffer; nullopt if it leaves it alone.
std::optional<double> momentum_of(Probe& probe, const LoadedModel& model, std::size_t index) {
  const torch::Tensor from_zero = probe.updated_from(index, 0);
  const torch::Tensor momentum = 1 - (probe.updated_from(index, 1) - from_zero);
  const double low = momentum.min().item<double>();
  const double high = momentum.max().item<double>();
  if (low == 0 && high == 0 && !from_zero.any().item<bool>()) return std::nullopt;
  if (!(low > 0 && high < 1 + 1e-9 && high - low < 1e-6)) {
    probe.refuse("updates its buffer '" + model.buffers[index].name +
                 "' in another way than a running average, so workers can't share it; remove it or "
                 "replace it by batch norm");
  }
  return std::round(high * 1e9) / 1e9;  // 0.1, not 0.1 and some rounding
}

}  // namespace

std::size_t ModelFacts::dimension() const {
  const auto& last = parameters.back();
  return last.named.offset + static_cast<std::size_t>(last.elements());
}

std::size_t ModelFacts::buffers() const {
  if (statistics.empty()) return 0;
  const auto& last = statistics.back();
  return last.named.offset + static_cast<std::size_t>(last.elements()) - dimension();
}

ModelFacts inspect_model(const std::string& name, LoadedModel& model, const NetworkSite& site,
                         TensorFormat format) {
  Probe probe(name, model, site, format);
  check_parameters(probe, model);
  check_evaluation(probe, model);

  ModelFacts facts;
  facts.name = name;
  std::size_t offset = 0;
  const auto place = [&](std::vector<FlatPlace>& places, const NamedHandle& handle) {
    places.push_back(make_place(handle.name, handle.tensor, offset, format));
    offset += static_cast<std::size_t>(places.back().elements());
  };
  for (const auto& parameter : model.parameters) place(facts.parameters, parameter);

  facts.draws_globally = probe.pass(true, 2);
  std::vector<std::size_t> moving;
  for (std::size_t i = 0; i < model.buffers.size(); ++i) {
    const auto& [buffer_name, tensor] = model.buffers[i];
    if (tensor.is_floating_point()) {
      // A statistic may happen to stay as it is on the noise, so its usual name counts too.
      if (probe.changed(i) || buffer_name.find("running_") != std::string::npos) {
        moving.push_back(i);
      }
    } else if (probe.changed(i)) {
      facts.counters.push_back(i);
    }
  }
  for (const std::size_t i : moving) {
    const auto momentum = momentum_of(probe, model, i);
    if (!momentum) continue;
    facts.updates.push_back({i, *momentum});
    place(facts.statistics, model.buffers[i]);
    facts.server_momentum = model.replaced_momentum.value_or(*momentum);
  }
  probe.restore();
  return facts;
}

}  // namespace syncline
