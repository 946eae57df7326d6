#pragma once

#include <algorithm>
#include <numeric>
#include <stdexcept>
#include <string>
#include <vector>

#include "support/tiny_dataset.hpp"
#include "workload/torch/models.hpp"

namespace syncline::testing {

template <class Real>
std::shared_ptr<const Workload<Real>> make_from(const RegistryEntry<WorkloadFactory>& row,
                                                const std::string& text,
                                                const WorkloadContext& context) {
  const Arguments arguments(parse_spec(text), row.parameters);
  if constexpr (std::is_same_v<Real, float>) {
    return row.make.single(arguments, context);
  } else {
    return row.make.full(arguments, context);
  }
}

template <class Real>
std::shared_ptr<const Workload<Real>> make_torch(const std::string& text,
                                                 const WorkloadContext& context) {
  const auto rows = torch_workloads();
  const auto row = std::find_if(rows.begin(), rows.end(), [&](const auto& entry) {
    return entry.name == parse_spec(text).name;
  });
  if (row == rows.end()) throw std::runtime_error("no model " + text);
  return make_from<Real>(*row, text, context);
}

inline WorkloadContext context_of(const TinyShape& shape) {
  WorkloadContext context;
  context.dataset = tiny_dataset(shape);
  return context;
}

template <class Real>
std::vector<Real> initial_state(const Workload<Real>& workload, std::uint64_t seed = 1) {
  std::vector<Real> state(workload.dimension() + workload.buffers());
  workload.initialise(seed, state);
  return state;
}

inline std::vector<std::uint32_t> range(std::uint32_t first, std::uint32_t last) {
  std::vector<std::uint32_t> numbers(last - first);
  std::iota(numbers.begin(), numbers.end(), first);
  return numbers;
}

struct Payload {
  std::vector<double> values;
  double loss = 0;
};

template <class Real>
Payload gradient_of(const Workload<Real>& workload, const std::vector<Real>& state,
                    const std::vector<std::uint32_t>& batch, const DrawKey& key = {1, 0, 0}) {
  std::vector<Real> payload(state.size());
  const double loss = workload.make_replica()->gradient(state, batch, key, payload);
  return {{payload.begin(), payload.end()}, loss};
}

/// Training loss before and after `steps` of SGD in one process, running averages included.
template <class Real>
std::pair<double, double> train_alone(const Workload<Real>& workload, int steps, Real rate) {
  auto state = initial_state(workload);
  std::vector<Real> payload(state.size());
  const auto replica = workload.make_replica();
  const std::size_t samples = workload.samples(Split::train);
  const auto loss = [&] {
    const auto sums = replica->evaluate(state, Split::train, 0, samples);
    return sums.loss / sums.samples;
  };
  const double before = loss();
  for (int step = 0; step < steps; ++step) {
    const DrawKey key{7, 0, static_cast<std::uint64_t>(step)};
    DrawStream draws(Stream::sampling, key);
    std::vector<std::uint32_t> batch(16);
    for (auto& number : batch) number = static_cast<std::uint32_t>(draws.below(samples));
    replica->gradient(state, batch, key, payload);
    const auto momentum = static_cast<Real>(workload.buffer_momentum());
    for (std::size_t i = 0; i < state.size(); ++i) {
      state[i] +=
          i < workload.dimension() ? -rate * payload[i] : momentum * (payload[i] - state[i]);
    }
  }
  return {before, loss()};
}

template <class ErrorType, class Action>
std::string message_of(Action&& action) {
  try {
    action();
  } catch (const ErrorType& error) {
    return error.what();
  }
  return "";
}

}  // namespace syncline::testing
