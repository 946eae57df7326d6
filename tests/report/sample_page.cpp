// sample_page FILE [POINTS]: writes the page of the sample document, for page_test.mjs and for
// eyes.
#include <cstdlib>

#include "report/sample_document.hpp"
#include "syncline/report.hpp"

int main(int argc, char** argv) {
  if (argc < 2) return 2;
  const int points = argc > 2 ? std::atoi(argv[2]) : 100;
  syncline::write_report(argv[1], syncline::test::sample_document(points));
}
