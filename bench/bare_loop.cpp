#include "bare_loop.hpp"

#include <ctime>

#include <torch/torch.h>

#include "syncline/error.hpp"
#include "workload/torch/batch.hpp"
#include "workload/torch/flat_views.hpp"
#include "workload/torch/networks.hpp"
#include "workload/torch/runtime.hpp"

namespace syncline {
namespace {

double seconds_of(clockid_t clock) {
  timespec time{};
  clock_gettime(clock, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

Network build(const std::string& model, const NetworkSite& site) {
  const std::lock_guard lock(generator_mutex());
  torch::manual_seed(1);
  if (model == "lenet") return build_lenet(Arguments(parse_spec("lenet"), {}), site);
  if (model == "resnet20") return build_resnet20(Arguments(parse_spec("resnet20"), {}), site);
  if (model != "cnn") throw ConfigError("no bare loop for model '" + model + "'");
  const Parameter dropout{"dropout", "", "0"};
  return build_cnn(Arguments(parse_spec("cnn"), {&dropout, 1}), site);
}

class Loop {
 public:
  Loop(const BareLoop& loop, const Dataset& dataset) : step_(loop.step) {
    const Samples& train = dataset.train;
    const NetworkSite site{
        static_cast<std::int64_t>(train.channels), static_cast<std::int64_t>(train.height),
        static_cast<std::int64_t>(train.width), static_cast<std::int64_t>(dataset.classes),
        std::make_shared<JobRandom>()};
    network_ = build(loop.model, site);
    const BatchWriter<float> writer(dataset, TensorFormat::contiguous);
    std::vector<std::uint32_t> numbers(loop.batch);
    for (std::uint64_t b = 0; b < batches; ++b) {
      DrawStream draws(Stream::sampling, DrawKey{1, 0, b});
      for (auto& number : numbers) number = static_cast<std::uint32_t>(draws.below(train.count));
      images_[b] = torch::empty(
          {static_cast<std::int64_t>(loop.batch), site.channels, site.height, site.width});
      labels_[b] = torch::empty({static_cast<std::int64_t>(loop.batch)}, torch::kLong);
      writer.write(train, numbers, images_[b].data_ptr<float>(),
                   labels_[b].data_ptr<std::int64_t>());
      if (loop.channels_last) images_[b] = images_[b].contiguous(at::MemoryFormat::ChannelsLast);
    }
    parameters_ = network_.module->parameters();
    if (!loop.channels_last) return;
    for (auto& parameter : parameters_) {
      if (parameter.dim() != 4) continue;
      // Spelt out: contiguous(ChannelsLast) leaves weights for one input channel as they are, and
      // libtorch then takes the slow path for the whole network.
      const FlatPlace place = make_place("", parameter, 0, TensorFormat::channels_last);
      const torch::Tensor last = torch::empty_strided(parameter.sizes(), place.strides);
      parameter.set_data(last.copy_(parameter.detach()));
    }
  }

  void once() {
    torch::cross_entropy_loss(network_.forward(images_[next_]), labels_[next_]).backward();
    next_ = (next_ + 1) % batches;
    const torch::NoGradGuard no_grad;
    for (auto& parameter : parameters_) {
      if (step_) parameter.add_(parameter.grad(), -1e-3);
      parameter.mutable_grad() = torch::Tensor();
    }
  }

 private:
  static constexpr std::size_t batches = 64;

  bool step_;
  Network network_;
  std::vector<torch::Tensor> parameters_;
  torch::Tensor images_[batches], labels_[batches];
  std::size_t next_ = 0;
};

}  // namespace

BareRate run_bare_loop(const BareLoop& options, const Dataset& dataset) {
  prepare_runtime();
  Loop loop(options, dataset);
  const double warm = seconds_of(CLOCK_MONOTONIC) + 0.5;
  while (seconds_of(CLOCK_MONOTONIC) < warm) loop.once();

  const double start = seconds_of(CLOCK_MONOTONIC);
  const double cpu_start = seconds_of(CLOCK_THREAD_CPUTIME_ID);
  double gradients = 0;
  double elapsed = 0;
  while (elapsed < options.seconds) {
    loop.once();
    ++gradients;
    elapsed = seconds_of(CLOCK_MONOTONIC) - start;
  }
  return {gradients / elapsed, 1e3 * (seconds_of(CLOCK_THREAD_CPUTIME_ID) - cpu_start) / gradients};
}

}  // namespace syncline
