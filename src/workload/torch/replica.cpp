#include "workload/torch/replica.hpp"

#include <numeric>

#include "syncline/error.hpp"
#include "workload/torch/runtime.hpp"

namespace syncline {
namespace {

/// Samples of one forward pass of an evaluation: large enough to be fast, small enough for memory.
constexpr std::size_t evaluation_chunk = 256;

/// Input and labels of one forward pass, in memory that is kept from batch to batch.
struct BatchTensors {
  torch::Tensor images, labels;

  void reserve(std::int64_t count, const std::vector<std::int64_t>& sample_shape,
               const torch::TensorOptions& options, TensorFormat format) {
    if (images.defined() && images.size(0) == count) return;
    std::vector<std::int64_t> shape = {count};
    shape.insert(shape.end(), sample_shape.begin(), sample_shape.end());
    images = torch::empty(shape, options);
    if (format == TensorFormat::channels_last) {
      images = images.contiguous(at::MemoryFormat::ChannelsLast);
    }
    labels = torch::empty({count}, torch::kLong);
  }
};

template <class Real>
class TorchReplica final : public Replica<Real> {
 public:
  TorchReplica(std::shared_ptr<const TorchSetup> setup, LoadedModel model)
      : setup_(std::move(setup)),
        model_(std::move(model)),
        writer_(*setup_->dataset, setup_->format),
        on_device_(!setup_->device.is_cpu()) {
    const Samples& shape = setup_->dataset->train;
    sample_shape_ = {static_cast<std::int64_t>(shape.channels),
                     static_cast<std::int64_t>(shape.height),
                     static_cast<std::int64_t>(shape.width)};
    for (const std::size_t counter : facts().counters) {
      counters_.push_back(model_.buffers[counter].tensor.clone());
    }
    if (on_device_) {
      const auto length = static_cast<std::int64_t>(facts().dimension() + facts().buffers());
      device_state_ = torch::empty({length}, options().device(setup_->device));
      device_payload_ = torch::empty_like(device_state_);
    }
  }

  double gradient(std::span<const Real> state, std::span<const std::uint32_t> batch,
                  const DrawKey& key, std::span<Real> payload) override {
    check_length(state.size());
    check_length(payload.size());
    use_one_thread_here();
    set_mode(true);
    bind_parameters(state);
    Real* out = on_device_ ? device_payload_.template data_ptr<Real>() : payload.data();
    // Gradients are added to what is there, statistics to (1 - momentum) times what is there.
    flat(out, setup_->device).zero_();
    bind_gradients(out);
    bind_statistics(out);
    restore_counters();

    return guarded([&] {
      training_.reserve(static_cast<std::int64_t>(batch.size()), sample_shape_, options(),
                        setup_->format);
      write_batch(batch, key);
      if (flipped_) flip_training_labels();
      const torch::Tensor loss =
          torch::cross_entropy_loss(forward_for(key, training_.images.to(setup_->device)),
                                    training_.labels.to(setup_->device));
      loss.backward();
      raw_statistics(out);
      if (on_device_) flat(payload.data(), torch::kCPU).copy_(device_payload_);
      return loss.template item<double>();
    });
  }

  void flip_labels(bool flipped) override { flipped_ = flipped; }

  EvaluationSums evaluate(std::span<const Real> state, Split split, std::size_t first,
                          std::size_t last) override {
    check_length(state.size());
    use_one_thread_here();
    set_mode(false);
    const torch::NoGradGuard no_grad;
    bind_statistics(bind_parameters(state));

    const Samples& samples = split == Split::train ? setup_->dataset->train : setup_->dataset->test;
    EvaluationSums sums;
    return guarded([&] {
      std::vector<std::uint32_t> numbers;
      for (; first < last; first += numbers.size()) {
        numbers.resize(std::min(evaluation_chunk, last - first));
        std::iota(numbers.begin(), numbers.end(), static_cast<std::uint32_t>(first));
        evaluation_.reserve(static_cast<std::int64_t>(numbers.size()), sample_shape_, options(),
                            setup_->format);
        writer_.write(samples, numbers, evaluation_.images.template data_ptr<Real>(),
                      evaluation_.labels.template data_ptr<std::int64_t>());
        const torch::Tensor labels = evaluation_.labels.to(setup_->device);
        const torch::Tensor scores = model_.forward(evaluation_.images.to(setup_->device));
        // Summed in double: in float the sum over a full set would lose four digits.
        sums.loss +=
            torch::cross_entropy_loss(scores.to(torch::kDouble), labels, {}, at::Reduction::Sum)
                .template item<double>();
        sums.wrong +=
            static_cast<double>(scores.argmax(1).ne(labels).sum().template item<std::int64_t>());
        sums.samples += static_cast<double>(numbers.size());
      }
      return sums;
    });
  }

 private:
  const ModelFacts& facts() const { return setup_->facts; }

  static torch::TensorOptions options() {
    return torch::TensorOptions().dtype(torch::CppTypeToScalarType<Real>::value);
  }

  torch::Tensor flat(Real* base, const torch::Device& device) const {
    return at::from_blob(base, {static_cast<std::int64_t>(facts().dimension() + facts().buffers())},
                         options().device(device));
  }

  void check_length(std::size_t length) const {
    if (length == facts().dimension() + facts().buffers()) return;
    throw InternalError("a state or payload of " + std::to_string(length) + " elements for '" +
                        facts().name + "', which has " + std::to_string(facts().dimension()) +
                        " parameters and " + std::to_string(facts().buffers()) + " statistics");
  }

  void set_mode(bool training) {
    if (mode_ == training) return;
    model_.train(training);
    mode_ = training;
  }

  /// Points the parameters at the caller's state, without a copy (or at its copy on the device).
  /// Nothing writes through them, so the const_cast is safe. Returns the base of the views.
  Real* bind_parameters(std::span<const Real> state) {
    Real* base = const_cast<Real*>(state.data());
    if (on_device_) {
      device_state_.copy_(flat(base, torch::kCPU));
      base = device_state_.template data_ptr<Real>();
    }
    for (std::size_t i = 0; i < facts().parameters.size(); ++i) {
      model_.parameters[i].tensor.set_data(view_at(base, facts().parameters[i], setup_->device));
    }
    return base;
  }

  void bind_gradients(Real* base) {
    for (std::size_t i = 0; i < facts().parameters.size(); ++i) {
      model_.parameters[i].tensor.mutable_grad() =
          view_at(base, facts().parameters[i], setup_->device);
    }
  }

  void bind_statistics(Real* base) {
    for (std::size_t i = 0; i < facts().statistics.size(); ++i) {
      model_.buffers[facts().updates[i].index].tensor.set_data(
          view_at(base, facts().statistics[i], setup_->device));
    }
  }

  /// A module without a momentum divides by its count of batches: every job starts from the same.
  void restore_counters() {
    for (std::size_t i = 0; i < counters_.size(); ++i) {
      model_.buffers[facts().counters[i]].tensor.copy_(counters_[i]);
    }
  }

  void raw_statistics(Real* base) {
    const torch::NoGradGuard no_grad;
    for (std::size_t i = 0; i < facts().statistics.size(); ++i) {
      const double momentum = facts().updates[i].momentum;
      if (momentum != 1) view_at(base, facts().statistics[i], setup_->device).div_(momentum);
    }
  }

  void write_batch(std::span<const std::uint32_t> batch, const DrawKey& key) {
    Real* images = training_.images.template data_ptr<Real>();
    auto* labels = training_.labels.template data_ptr<std::int64_t>();
    if (setup_->augment) {
      writer_.write_augmented(setup_->dataset->train, batch, key, images, labels);
    } else {
      writer_.write(setup_->dataset->train, batch, images, labels);
    }
  }

  void flip_training_labels() {
    const auto last = static_cast<std::int64_t>(setup_->dataset->classes) - 1;
    auto* labels = training_.labels.template data_ptr<std::int64_t>();
    for (std::int64_t i = 0; i < training_.labels.numel(); ++i) labels[i] = last - labels[i];
  }

  torch::Tensor forward_for(const DrawKey& key, const torch::Tensor& images) {
    model_.random->begin(key);
    if (!facts().draws_globally) return model_.forward(images);
    // Whoever draws from the process-wide generator waits for its turn, and seeds it for its job.
    const std::lock_guard lock(generator_mutex());
    torch::manual_seed(DrawStream(Stream::dropout, key).bits());
    return model_.forward(images);
  }

  /// libtorch's own errors become messages for people.
  template <class Work>
  auto guarded(Work work) const {
    try {
      return work();
    } catch (const c10::Error& error) {
      throw ConfigError("model '" + facts().name +
                        "' can't be computed: " + error.what_without_backtrace());
    }
  }

  std::shared_ptr<const TorchSetup> setup_;
  LoadedModel model_;
  BatchWriter<Real> writer_;
  bool on_device_;
  std::optional<bool> mode_;
  bool flipped_ = false;  ///< the labels of gradients
  std::vector<std::int64_t> sample_shape_;
  std::vector<torch::Tensor> counters_;
  torch::Tensor device_state_, device_payload_;
  BatchTensors training_, evaluation_;
};

}  // namespace

template <class Real>
std::unique_ptr<Replica<Real>> make_torch_replica(std::shared_ptr<const TorchSetup> setup,
                                                  LoadedModel model) {
  return std::make_unique<TorchReplica<Real>>(std::move(setup), std::move(model));
}

template std::unique_ptr<Replica<float>> make_torch_replica(std::shared_ptr<const TorchSetup>,
                                                            LoadedModel);
template std::unique_ptr<Replica<double>> make_torch_replica(std::shared_ptr<const TorchSetup>,
                                                             LoadedModel);

}  // namespace syncline
