#include <algorithm>
#include <filesystem>
#include <set>

#include <doctest/doctest.h>

#include "publish.hpp"
#include "record.hpp"
#include "studies.hpp"
#include "support/temporary_folder.hpp"
#include "syncline/error.hpp"

namespace syncline::repro {
namespace {

const Store& store() {
  static const Store stored(std::filesystem::path(SYNCLINE_SOURCE) / "docs/reproduction");
  return stored;
}

TEST_CASE(
    "every claim on the stored results comes out as its page was written for, with evidence") {
  std::size_t pages = 0, claims = 0;
  for (const Study& study : studies()) {
    CAPTURE(study.id);
    const Chapter chapter = publish(store(), study, Scale::full).chapter;
    CHECK(chapter.claims.empty() == chapter.sections.empty());
    if (!chapter.sections.empty()) ++pages;
    for (const Claim& claim : chapter.claims) {
      CAPTURE(claim.text);
      CAPTURE(claim.evidence);
      CHECK(claim.holds == claim.expected);
      CHECK(!claim.evidence.empty());
      CHECK(!claim.source.empty());
      ++claims;
    }
  }
  // Whatever is not run yet has no page, but most is.
  CHECK(pages >= 12);
  CHECK(claims >= 80);
}

TEST_CASE("stored runs are those that the studies ask for, complete and of the same settings") {
  for (const Study& study : studies()) {
    std::set<std::string> names;
    for (const Run& run : study.runs ? study.runs(Scale::full) : std::vector<Run>()) {
      CAPTURE(run.name);
      CHECK(names.insert(run.name).second);
      if (const auto record = store().run(study, run.name)) CHECK(covers(*record, run.config));
    }
    const auto folder = store().folder() / "results" / study.id;
    if (!study.runs || !std::filesystem::exists(folder)) continue;
    for (const auto& file : std::filesystem::directory_iterator(folder)) {
      CAPTURE(file.path().string());
      CHECK(names.contains(file.path().stem().string()));
    }
  }
}

TEST_CASE("studies and their pictures have names of their own") {
  std::set<std::string> ids, pictures;
  for (const Study& study : studies()) {
    CHECK(ids.insert(study.id).second);
    for (const Section& section : publish(store(), study, Scale::full).chapter.sections) {
      for (const Picture& picture : section.pictures) {
        CAPTURE(picture.name);
        CHECK(pictures.insert(picture.name).second);
      }
    }
  }
}

TEST_CASE("a chapter can be written from any part of the results, also from none") {
  for (const Study& study : studies()) {
    if (!study.runs) continue;
    CAPTURE(study.id);
    const auto runs = study.runs(Scale::full);
    Results results = store().results(study, runs);
    for (int halving = 0; halving < 8 && !results.runs.empty(); ++halving) {
      for (std::size_t left = results.runs.size() / 2; results.runs.size() > left;) {
        results.runs.erase(results.runs.begin());
      }
      static_cast<void>(study.chapter(results));
    }
    CHECK(study.chapter(Results()).claims.empty());
  }
}

TEST_CASE("a stored result of another form is named, with what to do") {
  const testing::TemporaryFolder folder;
  const Store other(folder.path());
  for (const Study& study : studies()) {
    if (!study.analytic) continue;
    other.save_computed(study, Json::object(), 1);
    CHECK_THROWS_WITH_AS(static_cast<void>(publish(other, study, Scale::full)),
                         doctest::Contains(study.id.c_str()), DataError);
  }
}

TEST_CASE("every study has a reduced form that is no larger") {
  for (const Study& study : studies()) {
    if (!study.runs) continue;
    CAPTURE(study.id);
    const auto quick = study.runs(Scale::quick), full = study.runs(Scale::full);
    CHECK(!quick.empty());
    CHECK(quick.size() <= full.size());
  }
}

}  // namespace
}  // namespace syncline::repro
