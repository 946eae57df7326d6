#include "workload/torch/workload.hpp"

#include "syncline/error.hpp"
#include "workload/torch/replica.hpp"
#include "workload/torch/runtime.hpp"

namespace syncline {
namespace {

NetworkSite site_of(const Dataset& dataset) {
  return {static_cast<std::int64_t>(dataset.train.channels),
          static_cast<std::int64_t>(dataset.train.height),
          static_cast<std::int64_t>(dataset.train.width),
          static_cast<std::int64_t>(dataset.classes), std::make_shared<JobRandom>()};
}

/// A fresh model whose initialisation is a function of the seed.
LoadedModel build(const ModelRecipe& recipe, const Dataset& dataset, torch::Dtype type,
                  const torch::Device& device, std::uint64_t seed) {
  const std::lock_guard lock(generator_mutex());
  torch::manual_seed(DrawStream(Stream::initial, DrawKey{seed, 0, 0}).bits());
  return recipe.source(site_of(dataset), type, device);
}

template <class Real>
class TorchWorkload final : public Workload<Real> {
 public:
  TorchWorkload(ModelRecipe recipe, std::shared_ptr<const TorchSetup> setup)
      : recipe_(std::move(recipe)), setup_(std::move(setup)) {}

  [[nodiscard]] std::size_t dimension() const override { return setup_->facts.dimension(); }
  [[nodiscard]] std::size_t buffers() const override { return setup_->facts.buffers(); }
  [[nodiscard]] double buffer_momentum() const override { return setup_->facts.server_momentum; }
  [[nodiscard]] const Dataset* dataset() const override { return setup_->dataset.get(); }
  [[nodiscard]] bool classifies() const override { return true; }

  [[nodiscard]] std::size_t samples(Split split) const override {
    return (split == Split::train ? setup_->dataset->train : setup_->dataset->test).count;
  }

  void initialise(std::uint64_t seed, std::span<Real> state) const override {
    if (state.size() != dimension() + buffers()) throw InternalError("a state of the wrong length");
    const LoadedModel model = build(recipe_, *setup_->dataset,
                                    torch::CppTypeToScalarType<Real>::value, torch::kCPU, seed);
    const torch::NoGradGuard no_grad;
    const ModelFacts& facts = setup_->facts;
    for (std::size_t i = 0; i < facts.parameters.size(); ++i) {
      view_at(state.data(), facts.parameters[i], torch::kCPU).copy_(model.parameters[i].tensor);
    }
    for (std::size_t i = 0; i < facts.statistics.size(); ++i) {
      view_at(state.data(), facts.statistics[i], torch::kCPU)
          .copy_(model.buffers[facts.updates[i].index].tensor);
    }
  }

  [[nodiscard]] std::unique_ptr<Replica<Real>> make_replica() const override {
    return make_torch_replica<Real>(
        setup_, build(recipe_, *setup_->dataset, torch::CppTypeToScalarType<Real>::value,
                      setup_->device, 0));
  }

  [[nodiscard]] std::vector<NamedTensor> layout() const override {
    std::vector<NamedTensor> tensors;
    for (const auto& place : setup_->facts.parameters) tensors.push_back(place.named);
    for (const auto& place : setup_->facts.statistics) tensors.push_back(place.named);
    return tensors;
  }

 private:
  ModelRecipe recipe_;
  std::shared_ptr<const TorchSetup> setup_;
};

bool augments(const WorkloadContext& context) {
  if (context.augmentation == "none") return false;
  if (context.augmentation != "pad-crop-flip") {
    throw ConfigError("unknown augmentation '" + context.augmentation +
                      "': write none or pad-crop-flip");
  }
  if (context.dataset->train.height < 2 || context.dataset->train.width < 2) {
    throw ConfigError("augmentation pad-crop-flip needs images, and data set '" +
                      context.dataset->name + "' has none; use none");
  }
  return true;
}

}  // namespace

template <class Real>
std::shared_ptr<const Workload<Real>> make_torch_workload(ModelRecipe recipe,
                                                          const WorkloadContext& context) {
  if (!context.dataset) {
    throw ConfigError("model '" + recipe.name + "' needs a data set, such as --data fashion-mnist");
  }
  prepare_runtime();
  if (std::is_same_v<Real, double>) recipe.format = TensorFormat::contiguous;

  auto setup = std::make_shared<TorchSetup>();
  setup->dataset = context.dataset;
  setup->format = recipe.format;
  setup->device = parse_device(context.device);
  setup->augment = augments(context);
  LoadedModel model = build(recipe, *context.dataset, torch::kDouble, torch::kCPU, 0);
  {
    const std::lock_guard lock(generator_mutex());
    setup->facts = inspect_model(recipe.name, model, site_of(*context.dataset), recipe.format);
  }
  return std::make_shared<TorchWorkload<Real>>(std::move(recipe), std::move(setup));
}

template std::shared_ptr<const Workload<float>> make_torch_workload(ModelRecipe,
                                                                    const WorkloadContext&);
template std::shared_ptr<const Workload<double>> make_torch_workload(ModelRecipe,
                                                                     const WorkloadContext&);

}  // namespace syncline
