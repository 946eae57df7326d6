#include <dlfcn.h>

#include <doctest/doctest.h>

#include "syncline/blas_threads.hpp"

TEST_CASE("OpenBLAS is the BLAS in use and can be held to one thread") {
  CHECK(syncline::blas_warning().value_or("") == "");
  syncline::hold_blas_to_one_thread();
  using Count = int (*)();
  const auto threads = reinterpret_cast<Count>(dlsym(RTLD_DEFAULT, "openblas_get_num_threads"));
  const bool found = threads != nullptr;
  REQUIRE(found);
  CHECK(threads() == 1);
}
