#include "run_all.hpp"

#include <atomic>
#include <chrono>
#include <exception>
#include <mutex>
#include <thread>

#include "record.hpp"
#include "syncline/error.hpp"
#include "syncline/train.hpp"

namespace syncline::repro {
namespace {

using Clock = std::chrono::steady_clock;

/// Trains on from the checkpoint, or from the start if that is none of this run.
Json train_on(RunConfig config, const Progress& progress, bool& resumed) {
  resumed = std::filesystem::exists(config.checkpoint);
  if (resumed) {
    try {
      config.resume = config.checkpoint;
      return train(config, progress);
    } catch (const Error&) {
      resumed = false;
      config.resume.clear();
    }
  }
  return train(config, progress);
}

class Work {
 public:
  Work(const Store& store, const Study& study, const std::vector<Run>& runs,
       const RunSettings& settings, const Progress& progress)
      : store_(store), study_(study), runs_(runs), settings_(settings), progress_(progress) {}

  bool do_all() {
    const std::uint32_t wanted = settings_.threads > 0
                                     ? settings_.threads
                                     : std::max(1U, std::thread::hardware_concurrency());
    std::filesystem::create_directories(settings_.checkpoints);
    std::vector<std::thread> helpers;
    for (std::uint32_t i = 1; i < wanted; ++i) helpers.emplace_back([this] { serve(); });
    serve();
    for (auto& helper : helpers) helper.join();
    if (error_) std::rethrow_exception(error_);
    return !left_over_;
  }

 private:
  void serve() {
    for (std::size_t index = next_++; index < runs_.size(); index = next_++) {
      const Run& run = runs_[index];
      try {
        const auto stored = store_.run(study_, run.name);
        if (!stored || !covers(*stored, run.config)) begin(run, stored);
      } catch (...) {
        const std::lock_guard lock(mutex_);
        if (!error_) error_ = std::current_exception();
        next_ = runs_.size();
      }
      const std::lock_guard lock(mutex_);
      ++done_;
    }
  }

  void begin(const Run& run, const std::optional<Json>& stored) {
    const std::chrono::duration<double, std::ratio<60>> spent = Clock::now() - begin_;
    if (progress_.stop() || (settings_.minutes > 0 && spent.count() > settings_.minutes)) {
      left_over_ = true;
      return;
    }
    RunConfig config = run.config;
    config.threads = 1;
    config.checkpoint =
        (settings_.checkpoints / (study_.id + "-" + run.name + ".checkpoint")).string();
    Progress own;
    own.interrupted = progress_.interrupted;
    own.report = [&](const std::string&, double fraction) { tell(run.name, fraction); };
    bool resumed = false;
    Json record = record_of(train_on(config, own, resumed));
    if (resumed && stored) {
      record["seconds"] =
          rounded(record.at("seconds").get<double>() + stored->at("seconds").get<double>());
    }
    if (record.at("outcome") == "interrupted") left_over_ = true;
    store_.save_run(study_, run.name, record);
  }

  void tell(const std::string& name, double fraction) {
    const std::lock_guard lock(mutex_);
    const double done = static_cast<double>(done_) + fraction;
    progress_.report(study_.id + ", " + name, done / static_cast<double>(runs_.size()));
  }

  const Store& store_;
  const Study& study_;
  const std::vector<Run>& runs_;
  const RunSettings& settings_;
  const Progress& progress_;
  const Clock::time_point begin_ = Clock::now();
  std::atomic<std::size_t> next_{0};
  std::atomic<bool> left_over_{false};
  std::mutex mutex_;  ///< guards what follows
  std::size_t done_ = 0;
  std::exception_ptr error_;
};

}  // namespace

bool run_all(const Store& store, const Study& study, const std::vector<Run>& runs,
             const RunSettings& settings, const Progress& progress) {
  return Work(store, study, runs, settings, progress).do_all();
}

}  // namespace syncline::repro
