#include "parts.hpp"

#include <chrono>
#include <ctime>

namespace syncline::repro {
namespace {

/// Processor time of all threads: parts use several, and share the machine with others.
double processor_seconds() {
  return static_cast<double>(std::clock()) / static_cast<double>(CLOCKS_PER_SEC);
}

}  // namespace

bool compute_parts(const Store& store, const Study& study, const std::vector<Part>& parts,
                   double minutes, const Progress& progress) {
  using Minutes = std::chrono::duration<double, std::ratio<60>>;
  const auto begin = std::chrono::steady_clock::now();
  std::size_t done = 0;
  for (const Part& part : parts) {
    progress.report(study.id + ", " + part.name,
                    static_cast<double>(done++) / static_cast<double>(parts.size()));
    if (store.part(study, part)) continue;
    const Minutes spent = std::chrono::steady_clock::now() - begin;
    if (progress.stop() || (minutes > 0 && spent.count() > minutes)) return false;
    const double before = processor_seconds();
    const Json computed = part.compute(progress);
    if (progress.stop()) return false;
    store.save_part(study, part, computed, processor_seconds() - before);
  }
  return true;
}

}  // namespace syncline::repro
