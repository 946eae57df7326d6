// sample_page FOLDER: writes the pages of the sample documents, for page_test.mjs and for eyes.
#include <filesystem>

#include "report/sample_document.hpp"
#include "report/sample_fit.hpp"
#include "report/sample_plan.hpp"
#include "syncline/report.hpp"

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  const std::filesystem::path folder = argv[1];
  namespace test = syncline::test;
  const auto race = test::sample_document();
  syncline::write_report(folder / "sample.html", race);
  syncline::write_report(folder / "plan.html", test::sample_plan(true));
  syncline::write_report(folder / "fleet-plan.html", test::sample_fleet_plan());
  syncline::write_report(folder / "fit.html", test::sample_fit());
  syncline::write_report(folder / "compared.html", syncline::with_plan(race, test::sample_plan()));
}
