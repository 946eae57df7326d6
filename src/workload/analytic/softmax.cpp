#include "workload/analytic/softmax.hpp"

#include "workload/analytic/softmax_replica.hpp"

namespace syncline {
namespace {

template <class Real>
class Softmax final : public Workload<Real> {
 public:
  Softmax(const std::shared_ptr<const Dataset>& data, double lambda, double init)
      : task_{data, Normaliser<Real>(*data), data->features(), data->classes, lambda},
        init_(init) {}

  [[nodiscard]] std::size_t dimension() const override {
    return (task_.features + 1) * task_.classes;
  }
  void initialise(std::uint64_t seed, std::span<Real> state) const override {
    DrawStream stream(Stream::initial, {seed, 0, 0});
    for (Real& w : state) w = static_cast<Real>(init_ * stream.normal());
  }
  [[nodiscard]] std::unique_ptr<Replica<Real>> make_replica() const override {
    return make_softmax_replica(task_);
  }
  [[nodiscard]] const Dataset* dataset() const override { return task_.data.get(); }
  [[nodiscard]] std::size_t samples(Split split) const override {
    return split == Split::train ? task_.data->train.count : task_.data->test.count;
  }
  [[nodiscard]] bool classifies() const override { return true; }
  [[nodiscard]] std::vector<NamedTensor> layout() const override {
    const auto rows = static_cast<std::int64_t>(task_.classes);
    return {{"weight", {rows, static_cast<std::int64_t>(task_.features)}, 0, false},
            {"bias", {rows}, task_.classes * task_.features, false}};
  }

 private:
  SoftmaxTask<Real> task_;
  double init_;  ///< standard deviation of initial weights and biases
};

}  // namespace

template <class Real>
std::shared_ptr<const Workload<Real>> make_softmax(const Arguments& arguments,
                                                   const WorkloadContext& context) {
  return std::make_shared<const Softmax<Real>>(context.dataset, arguments.non_negative("lambda"),
                                               arguments.non_negative("init"));
}

template std::shared_ptr<const Workload<float>> make_softmax(const Arguments&,
                                                             const WorkloadContext&);
template std::shared_ptr<const Workload<double>> make_softmax(const Arguments&,
                                                              const WorkloadContext&);

}  // namespace syncline
