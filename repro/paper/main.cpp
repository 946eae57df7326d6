#include <iostream>

#include <CLI/CLI.hpp>

#include "cli/interrupt.hpp"
#include "cli/progress_line.hpp"
#include "run_all.hpp"
#include "studies.hpp"
#include "syncline/error.hpp"

int main(int count, char** words) {
  using namespace syncline;
  using namespace syncline::repro;
  Store store("docs/reproduction");
  ProgressLine line;
  Progress progress = line.hooks();
  progress.interrupted = &watch_interrupts();
  RunSettings settings;
  settings.checkpoints = "syncline-out/reproduction";
  try {
    for (const Study& study : studies()) {
      if (count > 1 && study.id != words[1]) continue;
      if (study.runs) run_all(store, study, study.runs(Scale::full), settings, progress);
    }
  } catch (const Error& error) {
    std::cerr << error.what() << "\n";
    return static_cast<int>(error.exit_code());
  }
}
