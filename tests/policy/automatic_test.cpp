// `auto` over all families: what it decides on fleets and noise that are known, and that it notices
// when they change. Driven through a host in virtual time, without gradients.

#include <algorithm>
#include <cmath>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "policy/automatic/decision.hpp"
#include "support/timed_clock.hpp"
#include "syncline/error.hpp"
#include "syncline/random.hpp"

namespace syncline {
namespace {

using testing::TimedClock;

/// The scalars of steps with a gradient of norm 1 and a noise scale of S.
class KnownNoise final : public ScalarSource {
 public:
  explicit KnownNoise(double scale) : scale_(scale) {}
  void describe(const Job&, Arrive&) override {}
  void describe(Stepped& event) override {
    event.length = 1;
    event.norm = std::sqrt(1 + scale_ / payloads_);
    event.spread = payloads_ > 1 ? scale_ : std::nan("");
  }
  void folded() { ++gathered_; }
  void stepped() { payloads_ = gathered_, gathered_ = 0; }

 private:
  double scale_;
  double gathered_ = 0;
  double payloads_ = 0;
};

/// What a run notes, and what it does.
class Diary final : public HostObserver {
 public:
  explicit Diary(KnownNoise& noise) : noise_(noise) {}
  void folded(const Job&, double, Slot, double) override { noise_.folded(); }
  void stepped(Slot, double scale, Version, double) override {
    noise_.stepped();
    scale_ = scale;
  }
  void noted(const std::string& text, double) override { notes.push_back(text); }

  [[nodiscard]] double scale() const { return scale_; }

  std::vector<std::string> notes;

 private:
  KnownNoise& noise_;
  double scale_ = 1;
};

struct Fleet {
  Fleet(const std::string& policy, std::uint32_t workers, double scale,
        TimedClock::Duration duration, PolicyContext context = {})
      : noise(scale), diary(noise), clock(workers, std::move(duration)) {
    context.workers = workers;
    host = std::make_unique<Host>(make_policy(policy, context), policy, workers);
    host->set_scalar_source(&noise);
    host->add_observer(&diary);
    host->begin(0, clock);
  }
  /// False if nothing can happen any more.
  bool run(Version updates) {
    const Version end = host->version() + updates;
    while (host->version() < end) {
      if (!clock.advance(*host)) return false;
    }
    return true;
  }
  [[nodiscard]] std::string policy() const { return host->policy().state().at("policy"); }
  /// The candidate that was chosen last.
  [[nodiscard]] std::string chosen() const { return host->policy().state().at("chosen"); }

  KnownNoise noise;
  Diary diary;
  TimedClock clock;
  std::unique_ptr<Host> host;
};

double exponential(const Job& job) {
  return DrawStream(Stream::delay, {7, job.worker, job.job}).exponential();
}

/// 0.1 + exp(2 N): half of all jobs take less than 1.1, the mean is 7.5.
double heavy_tailed(const Job& job) {
  return 0.1 + std::exp(2 * DrawStream(Stream::delay, {7, job.worker, job.job}).normal());
}

TEST_CASE("auto, constant times, takes sync; a slow half is left out while noise is low") {
  Fleet alike("auto", 8, 20, [](const Job&) { return 1.0; });
  REQUIRE(alike.run(60));
  CHECK(alike.chosen() == "sync");
  // 1 (1 + S / 4) against 9 (1 + S / 8), and who is stale by 9 times 4 steps.
  Fleet uneven("auto", 8, 0.5, [](const Job& job) { return job.worker < 4 ? 1.0 : 9.0; });
  REQUIRE(uneven.run(60));
  CHECK(uneven.chosen() == "k-sync(k=4)");
}

TEST_CASE("auto, constant times of a few that are slow, takes a K that follows S") {
  std::vector<std::uint64_t> chosen;
  for (const double scale : {0.01, 1000.0}) {
    const std::vector<double> times = {1, 2, 3, 4, 5, 6, 7, 8};
    Evidence evidence = {{}, std::vector<bool>(8), {}};
    evidence.context.workers = 8;
    for (const double time : times) evidence.samples.push_back({time, time});
    const Decision decision = decide(evidence, {scale, scale, scale}, "");
    CAPTURE(decision.why);
    // What waits for nobody pays off where gradients have to be averaged anyway.
    if (scale < 1) CHECK(decision.chosen.policy == "k-sync(k=1)");
    if (scale > 1)
      CHECK(decision.chosen.replayed.runtime / decision.chosen.replayed.gradients <
            1.1 / (1 + 0.5 + 1.0 / 3 + 0.25 + 0.2 + 1.0 / 6 + 1.0 / 7 + 0.125));
  }
}

TEST_CASE("auto, a worker that never answers, goes on without it") {
  for (const std::uint32_t workers : {2U, 4U, 8U}) {
    for (const double scale : {0.1, 1.0, 100.0}) {
      CAPTURE(workers);
      CAPTURE(scale);
      Fleet fleet("auto", workers, scale,
                  [](const Job& job) { return job.worker == 0 ? INFINITY : exponential(job); });
      REQUIRE(fleet.run(3000));
      CHECK(fleet.diary.notes.size() >= 2);
      CHECK(fleet.chosen() != "sync");
    }
  }
}

TEST_CASE("auto, sync chosen and then a worker falls silent, ends that after a while") {
  double now = 0;
  Fleet fleet("auto", 4, 20,
              [&](const Job& job) { return job.worker == 3 && now > 100 ? INFINITY : 1.0; });
  while (fleet.clock.now() <= 100) {
    REQUIRE(fleet.clock.advance(*fleet.host));
    now = fleet.clock.now();
  }
  REQUIRE(fleet.chosen() == "sync");
  REQUIRE(fleet.run(500));
  const auto& notes = fleet.diary.notes;
  CHECK(std::any_of(notes.begin(), notes.end(), [](const std::string& note) {
    return note.find("no update for very long") != std::string::npos;
  }));
  CHECK(fleet.chosen() != "sync");
}

TEST_CASE("auto, heavy tails, takes what cancels") {
  for (const double scale : {0.5, 5.0, 50.0}) {
    CAPTURE(scale);
    Fleet fleet("auto", 8, scale, heavy_tailed);
    REQUIRE(fleet.run(1500));
    CAPTURE(fleet.diary.notes.back());
    const std::string family = parse_spec(fleet.chosen()).name;
    CHECK((family == "k-sync" || family == "k-batch-sync" || family == "ringmaster"));
    CHECK(fleet.host->account().cancelled > 0);
  }
}

TEST_CASE("auto, half of the workers get slow in mid-run, switches and says why") {
  bool slow = false;
  Fleet fleet("auto", 8, 2, [&](const Job& job) { return slow && job.worker < 4 ? 30.0 : 1.0; });
  REQUIRE(fleet.run(200));
  REQUIRE(fleet.chosen() == "sync");
  slow = true;
  REQUIRE(fleet.run(1500));
  CHECK(fleet.chosen() != "sync");
  const auto& notes = fleet.diary.notes;
  const auto change = std::find_if(notes.begin(), notes.end(), [](const std::string& note) {
    return note.find("switches from sync to") != std::string::npos;
  });
  REQUIRE(change != notes.end());
  CHECK(change->find("S = 2") != std::string::npos);
  CHECK(change->find("predicted times") != std::string::npos);
}

TEST_CASE("auto, nothing changes, stays with what it has, and probes take 5 % in the long run") {
  Fleet fleet("auto", 8, 6, exponential);
  REQUIRE(fleet.run(20000));
  const auto& notes = fleet.diary.notes;
  REQUIRE(notes.size() > 10);
  const auto switches = std::count_if(notes.begin(), notes.end(), [](const std::string& note) {
    return note.find("switches from") != std::string::npos;
  });
  CHECK(switches <= 3);
  // A probe has 8 steps of 4, and some gradients that come late.
  const double probed = static_cast<double>(notes.size()) * 8 * 4;
  CHECK(probed < 0.1 * static_cast<double>(fleet.host->account().computed));
}

TEST_CASE("auto, whatever runs in mid-run, counts versions from its own beginning") {
  Fleet fleet("auto", 8, 200, [](const Job& job) { return 0.3 + exponential(job); });
  REQUIRE(fleet.run(1500));
  while (fleet.policy() != fleet.chosen()) REQUIRE(fleet.run(1));
  REQUIRE(parse_spec(fleet.policy()).name == "ringmaster");
  REQUIRE(fleet.run(20));
  const nlohmann::json state = fleet.host->policy().state();
  REQUIRE(state.at("base") > state.at("updates"));
  REQUIRE_FALSE(state.at("inner").at("running").empty());
  for (const auto& job : state.at("inner").at("running")) {
    CHECK(job.at(0) <= state.at("updates"));
  }
}

TEST_CASE("decide, a better candidate within the errors of S, does not switch") {
  // S decides between k-sync(k=1), of time 1, and waiting for all.
  Evidence evidence = {{{1, 1}, {1.8, 1.8}}, {false, false}, {}};
  evidence.context.workers = 2;
  const auto chosen = [&](double scale, double low, double high, const char* current) {
    return decide(evidence, {scale, low, high}, current).chosen.policy;
  };
  const std::string first = chosen(0.1, 0.1, 0.1, "");
  const std::string second = chosen(30, 30, 30, "");
  REQUIRE(first != second);
  CHECK(chosen(30, 25, 36, first.c_str()) == second);
  CHECK(chosen(30, 0.01, 1e9, first.c_str()) == first);
  CHECK(decide(evidence, {30, 0.01, 1e9}, first).why.find("within the errors") !=
        std::string::npos);
  CHECK(decide(evidence, {0.1, 0.1, 0.1}, first).why.find("the least") != std::string::npos);
}

TEST_CASE("auto, unlike data, lets every worker count alike") {
  PolicyContext context;
  context.unlike_data = true;
  Fleet fleet(
      "auto", 6, 10, [](const Job& job) { return job.worker < 3 ? 1.0 : 4.0; }, context);
  CHECK(fleet.host->policy().requirements().data_shares == DataShares::equal);
  REQUIRE(fleet.run(400));
  const std::string family = parse_spec(fleet.chosen()).name;
  CHECK((family == "sync" || family == "malenia" || family == "ringleader"));
  CHECK(fleet.host->policy().requirements().tables == 2);
}

TEST_CASE("auto, steps fitted, takes smaller ones with K = 1 in noise; given, none are changed") {
  const auto slow_half = [](const Job& job) { return job.worker < 1 ? 1.0 : 50.0; };
  Fleet fitted("auto", 4, 8, slow_half);
  Fleet given("auto(steps=given)", 4, 8, slow_half);
  for (Fleet* fleet : {&fitted, &given}) {
    REQUIRE(fleet->run(20));
    REQUIRE(fleet->policy() == fleet->chosen());
  }
  REQUIRE(fitted.chosen() == "k-sync(k=1)");
  REQUIRE(given.chosen() == fitted.chosen());
  CHECK(given.diary.scale() == 1);
  CHECK(fitted.diary.scale() < 1);
}

TEST_CASE("auto, options of one base or words that it doesn't know, is refused") {
  PolicyContext context;
  context.workers = 4;
  for (const char* text : {"auto(interval=4)", "auto(k_min=2)", "auto(k_max=3)", "auto(steps=some)",
                           "auto(base=k-sync, steps=given)", "auto(base=each)"}) {
    CAPTURE(text);
    CHECK_THROWS_AS(static_cast<void>(make_policy(text, context)), ConfigError);
  }
}

}  // namespace
}  // namespace syncline
