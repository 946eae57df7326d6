#include "parts.hpp"

#include <atomic>

#include <doctest/doctest.h>

#include "support/temporary_folder.hpp"

namespace syncline::repro {
namespace {

struct Place {
  testing::TemporaryFolder folder;
  Store store{folder / "docs"};
  Study study;
  int computed = 0;

  Place() { study.id = "study"; }

  std::vector<Part> parts(int settings) {
    std::vector<Part> result;
    for (const char* name : {"a", "b", "c"}) {
      result.push_back({name, {{"value", settings}}, [this](const Progress&) {
                          ++computed;
                          return Json{{"answer", computed}};
                        }});
    }
    return result;
  }
};

TEST_CASE("parts are stored one by one, and what is stored is not computed again") {
  Place place;
  CHECK(compute_parts(place.store, place.study, place.parts(1), 0, {}));
  CHECK(compute_parts(place.store, place.study, place.parts(1), 0, {}));
  CHECK(place.computed == 3);
  const Results results = place.store.results(place.study, {}, place.parts(1));
  CHECK(results.parts.size() == 3);
  CHECK(results.parts.at("b").at("answer") == 2);
}

TEST_CASE("a part made with other settings does not count") {
  Place place;
  CHECK(compute_parts(place.store, place.study, place.parts(1), 0, {}));
  CHECK(place.store.results(place.study, {}, place.parts(2)).parts.empty());
  CHECK(compute_parts(place.store, place.study, place.parts(2), 0, {}));
  CHECK(place.computed == 6);
}

TEST_CASE("an interrupted computation goes on with the next part") {
  Place place;
  std::atomic<bool> interrupted{false};
  Progress progress;
  progress.interrupted = &interrupted;
  std::vector<Part> parts = place.parts(1);
  parts[1].compute = [&](const Progress&) {
    interrupted = true;
    return Json{{"answer", "half"}};
  };
  CHECK_FALSE(compute_parts(place.store, place.study, parts, 0, progress));
  CHECK(place.store.results(place.study, {}, parts).parts.size() == 1);
  CHECK(compute_parts(place.store, place.study, place.parts(1), 0, {}));
  CHECK(place.computed == 3);
}

}  // namespace
}  // namespace syncline::repro
