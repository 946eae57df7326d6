#include <benchmark/benchmark.h>

#include "syncline/blas_threads.hpp"

int main(int argc, char** argv) {
  syncline::hold_blas_to_one_thread();
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
}
