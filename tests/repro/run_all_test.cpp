#include "run_all.hpp"

#include <atomic>

#include <doctest/doctest.h>

#include "record.hpp"
#include "support/temporary_folder.hpp"
#include "syncline/error.hpp"

namespace syncline::repro {
namespace {

using testing::TemporaryFolder;

Run run_of(double time, std::uint64_t seed = 1) {
  Run run{"one-seed-" + std::to_string(seed), {}};
  run.config.policy = "adasync(base=k-async, k0=1, interval=2)";
  run.config.seed = seed;
  run.config.model.workload = "quadratic(dimension=5)";
  run.config.optimizer.step_size = 0.02;
  run.config.stop.time = time;
  run.config.stop.evaluate_every = 1;
  return run;
}

Json without_seconds(Json record) {
  record.erase("seconds");
  return record;
}

struct Place {
  TemporaryFolder folder;
  Store store{folder / "docs"};
  Study study;
  RunSettings settings;

  Place() {
    study.id = "study";
    settings.threads = 2;
    settings.checkpoints = folder / "checkpoints";
  }
  bool run(const std::vector<Run>& runs, const Progress& progress = {}) {
    return run_all(store, study, runs, settings, progress);
  }
};

TEST_CASE("runs are stored one by one, and what is stored is not run again") {
  Place place;
  const std::vector<Run> runs = {run_of(20, 1), run_of(20, 2), run_of(20, 3)};
  CHECK(place.run(runs));
  for (const Run& run : runs)
    CHECK(covers(place.store.run(place.study, run.name).value(), run.config));
  // A mark that a second run would wipe out.
  Json marked = place.store.run(place.study, runs[0].name).value();
  marked["mark"] = true;
  place.store.save_run(place.study, runs[0].name, marked);
  CHECK(place.run(runs));
  CHECK(place.store.run(place.study, runs[0].name) == marked);
}

TEST_CASE("a stored run grows when its limit is raised, to what one long run gives") {
  Place place, other;
  CHECK(place.run({run_of(20)}));
  CHECK(place.run({run_of(60)}));
  CHECK(other.run({run_of(60)}));
  const Json grown = place.store.run(place.study, "one-seed-1").value();
  CHECK(without_seconds(grown) ==
        without_seconds(other.store.run(other.study, "one-seed-1").value()));
  CHECK(grown.at("curve").at("time").size() == 61);
  // A shorter wish is met by a longer run.
  CHECK(covers(grown, run_of(20).config));
}

TEST_CASE("without its checkpoint a run that is to grow begins anew, with the same result") {
  Place place, other;
  CHECK(place.run({run_of(20)}));
  std::filesystem::remove_all(place.settings.checkpoints);
  CHECK(place.run({run_of(60)}));
  CHECK(other.run({run_of(60)}));
  CHECK(without_seconds(place.store.run(place.study, "one-seed-1").value()) ==
        without_seconds(other.store.run(other.study, "one-seed-1").value()));
}

TEST_CASE("a run of other settings is not taken for the wanted one, nor is its checkpoint") {
  Place place;
  CHECK(place.run({run_of(20)}));
  Run other = run_of(20);
  other.config.optimizer.step_size = 0.01;
  CHECK(!covers(place.store.run(place.study, other.name).value(), other.config));
  CHECK(place.run({other}));
  CHECK(covers(place.store.run(place.study, other.name).value(), other.config));
}

TEST_CASE("an interrupted run is stored as such, does not count, and goes on next time") {
  Place place, other;
  std::atomic<bool> interrupted{false};
  Progress progress;
  progress.interrupted = &interrupted;
  progress.report = [&](const std::string&, double fraction) { interrupted = fraction > 0.5; };
  CHECK(!place.run({run_of(60)}, progress));
  const Json part = place.store.run(place.study, "one-seed-1").value();
  CHECK(part.at("outcome") == "interrupted");
  CHECK(!covers(part, run_of(60).config));
  CHECK(place.store.results(place.study, {run_of(60)}).runs.empty());
  CHECK(place.run({run_of(60)}));
  CHECK(other.run({run_of(60)}));
  CHECK(without_seconds(place.store.run(place.study, "one-seed-1").value()) ==
        without_seconds(other.store.run(other.study, "one-seed-1").value()));
}

TEST_CASE("a damaged result is named, and nothing is run over it") {
  Place place;
  CHECK(place.run({run_of(20)}));
  const auto file = place.store.folder() / "results/study/one-seed-1.json";
  std::filesystem::resize_file(file, std::filesystem::file_size(file) / 2);
  CHECK_THROWS_WITH_AS(static_cast<void>(place.store.run(place.study, "one-seed-1")),
                       doctest::Contains("one-seed-1.json"), DataError);
}

TEST_CASE("a wrong configuration is an error, not an endless second try") {
  Place place;
  Run run = run_of(20);
  run.config.policy = "k-sync(k=99)";
  CHECK_THROWS_AS(place.run({run}), ConfigError);
}

}  // namespace
}  // namespace syncline::repro
