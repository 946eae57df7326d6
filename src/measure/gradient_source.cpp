#include "measure/gradient_source.hpp"

#include <deque>
#include <thread>

#include "base/compute_threads.hpp"
#include "syncline/error.hpp"
#include "syncline/spec.hpp"

namespace syncline {
namespace {

// Workers that no fleet has: the draws of chunks and of mini-batches, apart from those of a run.
constexpr std::uint32_t chunk_worker = 0xfffffffe;
constexpr std::uint32_t batch_worker = 0xfffffffd;

/// Gradients under way for each thread: enough that none waits for its neighbour's.
constexpr std::size_t ahead_per_thread = 2;

/// Chunks to cut the subset into at least, for the scatter between them, if it is large enough;
/// none is larger than a matrix product needs to be fast.
constexpr std::size_t usual_chunks = 32;
constexpr std::size_t largest_chunk = 256;

void check_partition_is_iid(const std::string& partition) {
  if (parse_spec(partition).name == "iid") return;
  throw ConfigError("model.partition is '" + partition +
                    "', and the constants are those of workers that draw from the same data "
                    "(arXiv 1803.01113, 2.4): measure with --partition iid");
}

/// Batch norm makes a gradient depend on how its batch is put together.
std::size_t chunk_size(const Workload<double>& workload, std::uint64_t wanted, std::size_t batch) {
  if (workload.buffers() > 0) return batch;
  const std::size_t available = workload.dataset()->train.count;
  const std::size_t size = wanted == 0 ? available : std::min<std::size_t>(wanted, available);
  return std::clamp<std::size_t>(size / usual_chunks, 1, largest_chunk);
}

}  // namespace

void refuse_unless_finite(double value) {
  if (std::isfinite(value)) return;
  throw DataError(
      "a loss or gradient at or near the initial point is not finite, so nothing can be "
      "measured there: check the data and the initial weights");
}

class GradientSource::GradientTask final : public ComputeTask<double> {
 public:
  GradientTask(std::shared_ptr<const Vector> state, Request request, std::size_t length)
      : state_(std::move(state)), request_(std::move(request)), length_(length) {}

  void run(Replica<double>& replica) override {
    payload_.resize(length_);
    loss_ = replica.gradient(*state_, request_.batch, request_.key, payload_);
  }

  [[nodiscard]] double loss() const { return loss_; }
  [[nodiscard]] std::span<const double> payload() const { return payload_; }

 private:
  std::shared_ptr<const Vector> state_;
  Request request_;
  std::size_t length_;
  Vector payload_;
  double loss_ = 0;
};

GradientSource::GradientSource(std::shared_ptr<const Workload<double>> workload,
                               const RunConfig& config, std::uint64_t samples, WorkDone& work)
    : workload_(std::move(workload)),
      formula_(dynamic_cast<const AnalyticWorkload<double>*>(workload_.get())),
      batch_(config.model.batch),
      seed_(config.seed),
      threads_(compute_threads(config.threads)),
      work_(work),
      pool_(*workload_, threads_) {
  if (batch_ == 0) throw ConfigError("model.batch must be at least 1");
  if (const Dataset* data = workload_->dataset()) {
    check_partition_is_iid(config.model.partition);
    subset_.emplace(data->train.count, samples, chunk_size(*workload_, samples, batch_), seed_);
    sampler_.emplace("iid", data->train.labels, data->classes, 1, seed_);
  } else if (formula_ == nullptr) {
    draws_ = std::max<std::size_t>(usual_chunks, 2 * (samples / (2 * batch_)));
  }
}

std::size_t GradientSource::samples() const { return subset_ ? subset_->size() : draws_ * batch_; }

std::size_t GradientSource::chunks() const { return subset_ ? subset_->chunks() : draws_; }

double GradientSource::unseen() const {
  if (formula_ != nullptr) return 0;
  return subset_ ? subset_->unseen() : 1;
}

double GradientSource::error_share() const {
  return unseen() == 0 ? 0 : unseen() / static_cast<double>(samples());
}

Vector GradientSource::initial_state() const {
  Vector state(workload_->dimension() + workload_->buffers());
  workload_->initialise(seed_, state);
  return state;
}

GradientSource::Request GradientSource::chunk_request(std::size_t index) const {
  Request request{{}, {seed_, chunk_worker, index}};
  if (subset_) {
    const auto numbers = subset_->chunk(index);
    request.batch.assign(numbers.begin(), numbers.end());
  } else {
    request.batch.assign(batch_, 0);
  }
  return request;
}

GradientSource::Request GradientSource::mini_batch_request(std::size_t index) const {
  Request request{std::vector<std::uint32_t>(batch_), {seed_, batch_worker, index}};
  if (sampler_) sampler_->draw(batch_worker, index, request.batch);
  return request;
}

double GradientSource::chunk_share(std::size_t index) const {
  const std::size_t size = subset_ ? subset_->chunk(index).size() : batch_;
  return static_cast<double>(size) / static_cast<double>(samples());
}

void GradientSource::compute(const Vector& state, std::size_t first, std::size_t count,
                             Request (GradientSource::*request)(std::size_t) const,
                             const UseResult& use) {
  // A copy, since tasks may outlive an exception that is on its way past the caller's vector.
  const auto shared = std::make_shared<const Vector>(state);
  const std::size_t length = state.size();
  std::deque<std::shared_ptr<GradientTask>> pending;
  std::size_t next = 0;
  for (std::size_t i = 0; i < count; ++i) {
    for (; next < count && next < i + ahead_per_thread * threads_; ++next) {
      pending.push_back(
          std::make_shared<GradientTask>(shared, (this->*request)(first + next), length));
      pool_.submit(pending.back(), next);
    }
    pool_.wait(pending.front());
    use(first + i, pending.front()->loss(), pending.front()->payload().first(dimension()));
    pending.pop_front();
  }
}

MeanGradient GradientSource::mean(const Vector& state) {
  MeanGradient gradient;
  gradient.value.resize(dimension());
  if (formula_ != nullptr) {
    formula_->exact_gradient(state, gradient.value);
    gradient.loss = formula_->excess(state);
    work_.did(1);
    return gradient;
  }
  const bool exact = unseen() == 0;
  Vector second(exact ? 0 : dimension());
  double second_share = 0;
  compute(state, 0, chunks(), &GradientSource::chunk_request,
          [&](std::size_t index, double loss, std::span<const double> part) {
            const double share = chunk_share(index);
            add_scaled(gradient.value, share, part);
            gradient.loss += share * loss;
            if (!exact && index % 2 == 1) {
              add_scaled(second, share, part);
              second_share += share;
            }
            work_.did(share * static_cast<double>(samples()));
          });
  if (exact) return gradient;
  gradient.halves = gradient.value;
  add_scaled(gradient.halves, -1, second);
  scale(gradient.halves, 0.5 / (1 - second_share));
  add_scaled(gradient.halves, -0.5 / second_share, second);
  return gradient;
}

double GradientSource::squared_length(const MeanGradient& gradient) const {
  return squared_norm<double>(gradient.value) - unseen() * squared_norm<double>(gradient.halves);
}

void GradientSource::each_chunk(const Vector& state, const Use& use) {
  compute(state, 0, chunks(), &GradientSource::chunk_request,
          [&](std::size_t index, double, std::span<const double> gradient) {
            use(gradient);
            work_.did(chunk_share(index) * static_cast<double>(samples()));
          });
}

void GradientSource::each_mini_batch(const Vector& state, std::size_t first, std::size_t count,
                                     const Use& use) {
  compute(state, first, count, &GradientSource::mini_batch_request,
          [&](std::size_t, double loss, std::span<const double> gradient) {
            refuse_unless_finite(loss);
            use(gradient);
            work_.did(formula_ != nullptr ? 1 : static_cast<double>(batch_));
          });
}

}  // namespace syncline
