#include <algorithm>

#include <nlohmann/json.hpp>

#include "policy/entries.hpp"
#include "policy/local_steps/local_steps.hpp"

namespace syncline {
namespace {

/// Rounds of local SGD that end when K workers have done U steps. Nobody stops before that; then
/// everybody does, and all who have done a step, however many, push what they have.
class StSyn final : public ValuePolicy<StSyn> {
 public:
  struct Settings {
    std::uint64_t k = 1;
    Work work;        ///< of a job: as many steps as anybody may do, and U, when it reports
    double rate = 1;  ///< of the server, times the mean displacement
    bool shrink = false;
  };
  StSyn(const Settings& settings, std::uint32_t workers)
      : settings_(settings), workers_(workers), up_(workers) {}

  [[nodiscard]] Requirements requirements() const override {
    Requirements requirements;
    requirements.program = "local-sgd";
    // Those who made the round end may be lost while they push.
    requirements.payloads_per_step = 1;
    requirements.distinct_workers = true;
    return requirements;
  }

  void begin(const Begin&, Actions& actions) override {
    actions.set("local_steps", settings_.work.report);
    actions.send_all_parked(settings_.work);
  }

  void progressed(const Progressed& event, Actions& actions) override {
    note_done(event.worker);
    end_round(actions);
  }

  void arrive(const Arrive& event, Actions& actions) override {
    Worker& worker = workers_[event.worker];
    if (event.steps == 0) {
      actions.drop("no step done");
    } else {
      // Nobody knows yet how many there will be; the step divides.
      actions.fold(0, 1);
      ++folded_;
    }
    if (worker.doing == Doing::pushes) --awaited_;
    worker.doing = Doing::waits;
    if (event.steps >= settings_.work.report) note_done(event.worker);
    const bool over = ending_ ? step_if_complete(actions) : end_round(actions);
    if (!over) actions.park(event.worker);
  }

  void stepped(const Stepped&, Actions& actions) override { start_round(actions); }

  void went_down(const WentDown& event, Actions& actions) override {
    --up_;
    Worker& worker = workers_[event.worker];
    worker.down = true;
    if (worker.doing == Doing::waits) {
      if (!ending_) end_round(actions);
      return;
    }
    // What it has done is lost.
    if (worker.done) --done_;
    worker.done = false;
    const bool was_awaited = worker.doing == Doing::pushes;
    worker.doing = Doing::steps;
    if (was_awaited) {
      --awaited_;
      step_if_complete(actions);
    } else if (!ending_) {
      end_round(actions);
    }
  }

  void came_up(const CameUp& event, Actions&) override {
    ++up_;
    workers_[event.worker].down = false;
  }

  [[nodiscard]] nlohmann::json state() const override {
    nlohmann::json workers = nlohmann::json::array();
    for (const Worker& worker : workers_) {
      workers.push_back({static_cast<int>(worker.doing), worker.done, worker.down});
    }
    return {{"workers", workers}, {"up", up_},         {"done", done_},
            {"ending", ending_},  {"folded", folded_}, {"awaited", awaited_}};
  }
  void restore(const nlohmann::json& state) override {
    for (std::size_t i = 0; i < workers_.size(); ++i) {
      const auto& worker = state.at("workers").at(i);
      workers_[i].doing = static_cast<Doing>(worker.at(0).get<int>());
      worker.at(1).get_to(workers_[i].done);
      worker.at(2).get_to(workers_[i].down);
    }
    state.at("up").get_to(up_);
    state.at("done").get_to(done_);
    state.at("ending").get_to(ending_);
    state.at("folded").get_to(folded_);
    state.at("awaited").get_to(awaited_);
  }

 private:
  enum class Doing : std::uint8_t {
    steps,   ///< of its own, or will once it is up
    pushes,  ///< was stopped: what it has is awaited
    waits    ///< has pushed
  };
  struct Worker {
    Doing doing = Doing::steps;
    bool done = false;  ///< U steps in this round
    bool down = false;
  };

  void note_done(WorkerId id) {
    Worker& worker = workers_[id];
    if (!worker.done) ++done_;
    worker.done = true;
  }

  /// Stops everybody, if K have done their U steps. Returns whether the round is over already.
  bool end_round(Actions& actions) {
    const std::uint64_t k =
        settings_.shrink ? std::clamp<std::uint64_t>(up_, 1, settings_.k) : settings_.k;
    if (ending_ || done_ < k) return false;
    ending_ = true;
    for (WorkerId id = 0; id < workers_.size(); ++id) {
      Worker& worker = workers_[id];
      if (worker.doing != Doing::steps || worker.down) continue;
      worker.doing = Doing::pushes;
      ++awaited_;
      actions.stop(id);
    }
    return step_if_complete(actions);
  }

  bool step_if_complete(Actions& actions) {
    if (awaited_ > 0) return false;
    if (folded_ > 0) {
      actions.step(0, settings_.rate / static_cast<double>(folded_));
    } else {
      // All that was done went down with its workers.
      start_round(actions);
    }
    return true;
  }

  void start_round(Actions& actions) {
    for (Worker& worker : workers_) worker.doing = Doing::steps, worker.done = false;
    done_ = folded_ = awaited_ = 0;
    ending_ = false;
    // Those that are down or came back while others pushed: they too begin on this version.
    actions.cancel_all_busy();
    actions.send_all_parked(settings_.work);
  }

  Settings settings_;
  std::vector<Worker> workers_;
  std::uint32_t up_;           ///< workers that are
  std::uint64_t done_ = 0;     ///< workers that have done U steps in this round
  bool ending_ = false;        ///< everybody was stopped
  std::uint64_t folded_ = 0;   ///< displacements in the slot
  std::uint64_t awaited_ = 0;  ///< workers that were stopped and have not pushed yet
};

}  // namespace

PolicyEntry stsyn_policy() {
  return {"stsyn",
          "rounds of local SGD that end when K workers have done U steps, for all at once",
          "Zhu, Zhang, Wang, arXiv 2210.03521",
          {{"k", "workers that a round waits for; 0: a quarter of P", "0"},
           {"steps", "U, local steps that they have to do", "10"},
           {"cap", "local steps that anybody may do; 0: ten times U", "0"},
           {"rate", "of the server, times the mean displacement", "1"}},
          [](const Arguments& arguments, const PolicyContext& context) {
            StSyn::Settings settings;
            settings.k = arguments.whole("k");
            if (settings.k == 0) settings.k = (context.workers + 3) / 4;
            if (settings.k > context.workers) {
              arguments.refuse(
                  "k", "can't be above the number of workers, " + std::to_string(context.workers));
            }
            settings.work.report = local_steps(arguments);
            std::uint64_t cap = arguments.whole("cap");
            if (cap == 0) cap = std::uint64_t{10} * settings.work.report;
            if (cap < settings.work.report || cap > 10'000'000) {
              arguments.refuse("cap", "must be `steps` or more, and no more than ten million");
            }
            settings.work.steps = settings.work.gradients = static_cast<std::uint32_t>(cap);
            settings.rate = arguments.positive("rate");
            settings.shrink = context.shrink;
            return std::make_unique<StSyn>(settings, context.workers);
          }};
}

}  // namespace syncline
