#include "cases.hpp"

namespace syncline::proof {
namespace {

struct Law {
  const char* name;
  const char* text;       ///< of each worker, or
  const char* slow_text;  ///< of the slower half; null if all are alike
};

constexpr Law laws[] = {
    {"exponential", "exponential(rate=1)", nullptr},
    {"shifted exponential", "shifted-exponential(shift=1, rate=1)", nullptr},
    {"Pareto 2.5", "pareto(scale=1, shape=2.5)", nullptr},
    {"Weibull 0.7", "weibull(shape=0.7, scale=1)", nullptr},
    {"gamma 4", "gamma(shape=4, scale=0.25)", nullptr},
    {"lognormal 1", "lognormal(mu=0, sigma=1)", nullptr},
    {"hyperexponential", "hyperexponential(p=0.9, mean1=0.5, mean2=5.5)", nullptr},
    {"half 5 x slower, exponential", "exponential(rate=1)", "exponential(rate=0.2)"},
    {"half 3 x slower, uniform", "uniform(low=0.5, high=1.5)", "uniform(low=1.5, high=4.5)"}};

struct Problem {
  const char* name;
  const char* workload;
  std::uint64_t batch;
  double step_size;
  double target;
};

constexpr Problem problems[] = {
    {"quadratic, noisy", "quadratic(dimension=100, condition=50, noise=10)", 4, 0.1, 2.0},
    {"quadratic, steep", "quadratic(dimension=200, condition=200, noise=2)", 1, 0.25, 0.6},
    {"quadratic, linear spectrum",
     "quadratic(dimension=50, condition=10, noise=3, spectrum=linear)", 2, 0.2, 0.2},
    {"tridiagonal", "tridiagonal(dimension=100, noise=0.05)", 1, 0.5, 1.0}};

std::string delay_text(const Law& law, std::uint32_t workers) {
  if (law.slow_text == nullptr) return law.text;
  const std::uint32_t slow = workers / 2;
  return std::to_string(workers - slow) + "*" + law.text + "," + std::to_string(slow) + "*" +
         law.slow_text;
}

}  // namespace

std::vector<Case> analytic_cases() {
  std::vector<Case> cases;
  std::size_t turn = 0;
  for (const Law& law : laws) {
    for (const std::uint32_t workers : {4U, 8U, 16U, 32U}) {
      for (int i = 0; i < 2; ++i) {
        const Problem& problem = problems[turn++ % std::size(problems)];
        Case entry;
        entry.name =
            std::string(law.name) + ", P = " + std::to_string(workers) + ", " + problem.name;
        RunConfig& run = entry.plan.race.run;
        run.fleet.workers = workers;
        run.fleet.delay = delay_text(law, workers);
        run.model.workload = problem.workload;
        run.model.batch = problem.batch;
        run.model.precision = "float64";
        run.optimizer.step_size = problem.step_size;
        run.stop.metric = "train_loss";
        run.stop.target = problem.target;
        entry.plan.race.step_sizes = "tuned";
        entry.plan.race.step_size_grid = {0.5, 1, 2};
        entry.plan.measure = true;
        entry.seeds = 10;
        cases.push_back(std::move(entry));
      }
    }
    // Eight questions are two rounds of the problems: moving on by one gives each P others.
    ++turn;
  }
  return cases;
}

std::vector<Case> softmax_cases() {
  std::vector<Case> cases;
  for (const Law& law : {laws[0], laws[2], laws[4], laws[7]}) {
    for (const std::uint32_t workers : {4U, 8U, 16U}) {
      Case entry;
      entry.name = std::string(law.name) + ", P = " + std::to_string(workers) + ", softmax";
      RunConfig& run = entry.plan.race.run;
      run.fleet.workers = workers;
      run.fleet.delay = delay_text(law, workers);
      run.model.workload = "softmax";
      run.model.data = "fashion-mnist";
      run.model.batch = 8;
      run.optimizer.step_size = 0.02;
      run.stop.metric = "train_loss";
      run.stop.target = 0.9;
      entry.plan.race.step_sizes = "tuned";
      entry.plan.race.step_size_grid = {0.5, 1, 2};
      entry.plan.measure = true;
      entry.seeds = 5;
      cases.push_back(std::move(entry));
    }
  }
  return cases;
}

std::vector<Case> cnn_cases() {
  std::vector<Case> cases;
  for (const Law& law : {laws[0], laws[1], laws[7]}) {
    for (const double target : {0.30, 0.25}) {
      Case entry;
      entry.name = "LeNet, " + std::string(law.name) + ", P = 8, test error " +
                   std::to_string(target).substr(0, 4);
      RunConfig& run = entry.plan.race.run;
      run.fleet.workers = 8;
      run.fleet.delay = delay_text(law, 8);
      run.model.workload = "lenet";
      run.model.data = "fashion-mnist";
      run.model.batch = 32;
      run.optimizer.step_size = 0.05;
      run.stop.metric = "test_error";
      run.stop.target = target;
      run.stop.evaluation_samples = 1000;
      entry.plan.race.step_sizes = "same";
      entry.pilots = {"sync", "k-batch-sync(k=2)", "async"};
      entry.pilot_updates = 800;
      cases.push_back(std::move(entry));
    }
  }
  return cases;
}

}  // namespace syncline::proof
