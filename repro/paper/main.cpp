#include <chrono>
#include <iostream>

#include <CLI/CLI.hpp>

#include "cli/console.hpp"
#include "cli/interrupt.hpp"
#include "cli/progress_line.hpp"
#include "parts.hpp"
#include "publish.hpp"
#include "run_all.hpp"
#include "studies.hpp"
#include "syncline/blas_threads.hpp"
#include "syncline/error.hpp"

namespace syncline::repro {
namespace {

struct Options {
  std::vector<std::string> names;
  bool quick = false;
  bool analytic = false;
  bool pages = false;
  bool again = false;
  bool list = false;
  std::string folder;
  RunSettings runs;
};

std::vector<const Study*> chosen(const Options& options) {
  std::vector<const Study*> result;
  for (const std::string& name : options.names) result.push_back(&study_named(name));
  if (result.empty()) {
    for (const Study& study : studies()) {
      if (study.analytic || !options.analytic) result.push_back(&study);
    }
  }
  return result;
}

void compute(const Store& store, const Study& study, Scale scale, const Progress& progress) {
  const auto begin = std::chrono::steady_clock::now();
  const Json computed = study.compute(scale, progress);
  if (progress.stop()) return;
  const std::chrono::duration<double> spent = std::chrono::steady_clock::now() - begin;
  store.save_computed(study, computed, spent.count());
}

/// Says how the claims fared; true if all came out as expected.
bool tell(const Store& store, const Study& study, Scale scale) {
  bool as_expected = true;
  std::cout << study.title << "\n";
  for (const Claim& claim : publish(store, study, scale).chapter.claims) {
    as_expected = as_expected && claim.holds == claim.expected;
    std::cout << (claim.holds  ? "  holds          "
                  : claim.open ? "  open           "
                               : "  does not hold  ")
              << claim.text << (claim.holds == claim.expected ? "" : "   (expected otherwise)")
              << "\n";
  }
  return as_expected;
}

ExitCode reproduce(const Options& options) {
  if (options.list) {
    for (const Study& study : studies()) std::cout << study.id << "  " << study.title << "\n";
    return ExitCode::done;
  }
  const Scale scale = options.quick ? Scale::quick : Scale::full;
  const Store store(!options.folder.empty() ? options.folder
                    : options.quick         ? "syncline-out/reproduction"
                                            : "docs/reproduction");
  ProgressLine line;
  const Progress progress = [&] {
    Progress hooks = line.hooks();
    hooks.interrupted = &watch_interrupts();
    return hooks;
  }();
  bool complete = true, as_expected = true;
  for (const Study* study : chosen(options)) {
    if (!options.pages && study->compute && (options.again || !store.computed(*study))) {
      compute(store, *study, scale, progress);
    }
    if (!options.pages && study->parts) {
      complete =
          compute_parts(store, *study, study->parts(scale), options.runs.minutes, progress) &&
          complete;
    }
    if (!options.pages && study->runs) {
      complete = run_all(store, *study, study->runs(scale), options.runs, progress) && complete;
    }
    line.wipe();
    if (progress.stop()) break;
    // A reduced run is too short for many of the claims.
    as_expected = tell(store, *study, scale) && as_expected;
  }
  draw(store, write_pages(store, scale));
  std::cout << "\nThe pages: " << (store.folder() / "README.md").string() << "\n";
  if (progress.stop()) return ExitCode::interrupted;
  if (!complete) std::cout << "Some runs are left; the same command goes on with them.\n";
  return as_expected || options.quick ? ExitCode::done : ExitCode::target_missed;
}

}  // namespace
}  // namespace syncline::repro

int main(int count, char** words) {
  using namespace syncline;
  repro::Options options;
  CLI::App app(
      "Reproduces the figures of \"Slow and Stale Gradients Can Win the Race\" (arXiv "
      "2003.10579): runs what is not stored yet, then writes pages and pictures.");
  app.add_option("study", options.names, "which; all if none is named");
  app.add_flag("--list", options.list, "print the studies");
  app.add_flag("--quick", options.quick, "a reduced form, in syncline-out/reproduction");
  app.add_flag("--analytic", options.analytic, "only what needs no training");
  app.add_flag("--pages", options.pages, "run nothing: pages and pictures from what is stored");
  app.add_flag("--again", options.again, "compute anew what is stored (training runs are kept)");
  app.add_option("--folder", options.folder, "where results and pages lie");
  app.add_option("--threads", options.runs.threads, "training runs at a time; 0: one per core");
  app.add_option("--minutes", options.runs.minutes,
                 "begin no training run after that; 0: no limit");
  try {
    app.parse(count, words);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : static_cast<int>(ExitCode::usage);
  }
  options.runs.checkpoints = "syncline-out/reproduction-checkpoints";
  hold_blas_to_one_thread();
  try {
    return static_cast<int>(repro::reproduce(options));
  } catch (const Error& error) {
    print_error(error.what());
    return static_cast<int>(error.exit_code());
  }
}
