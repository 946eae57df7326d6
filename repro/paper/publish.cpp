#include "publish.hpp"

#include <algorithm>
#include <unistd.h>

#include "base/atomic_file.hpp"
#include "studies.hpp"
#include "syncline/error.hpp"
#include "workload/data/child_process.hpp"

namespace syncline::repro {
namespace {

std::vector<Run> wanted_runs(const Study& study, Scale scale) {
  return study.runs ? study.runs(scale) : std::vector<Run>();
}

std::vector<Part> wanted_parts(const Study& study, Scale scale) {
  return study.parts ? study.parts(scale) : std::vector<Part>();
}

/// What is stored may be of another version, or of another hand.
Chapter chapter_of(const Store& store, const Study& study, const Results& results) {
  if (results.runs.empty() && results.parts.empty() && results.computed.is_null()) return {};
  try {
    return study.chapter(results);
  } catch (const Json::exception& error) {
    throw DataError("what is stored of " + study.id + " does not fit this version (" +
                    error.what() + "); remove " + (store.folder() / "results" / study.id).string() +
                    "* and run it again");
  }
}

}  // namespace

Published publish(const Store& store, const Study& study, Scale scale) {
  const std::vector<Run> wanted = wanted_runs(study, scale);
  const std::vector<Part> parts = wanted_parts(study, scale);
  const Results results = store.results(study, wanted, parts);
  Published published;
  published.chapter = chapter_of(store, study, results);
  PageFacts facts;
  facts.quick = scale == Scale::quick;
  facts.wanted = wanted.size();
  facts.runs = results.runs.size();
  facts.seconds = store.seconds(study);
  for (const auto& [name, record] : results.runs) {
    facts.seconds += record.at("seconds").get<double>();
  }
  facts.parts = results.parts.size();
  facts.wanted_parts = parts.size();
  for (const auto& [name, record] : results.parts) {
    facts.seconds += record.at("seconds").get<double>();
  }
  published.page = study_page(study, published.chapter, facts);
  return published;
}

std::vector<Picture> write_pages(const Store& store, Scale scale) {
  std::vector<Picture> pictures;
  std::vector<IndexEntry> entries;
  for (const Study& study : studies()) {
    const Published published = publish(store, study, scale);
    if (published.chapter.sections.empty()) continue;
    write_file_atomically(store.folder() / (study.id + ".md"), {published.page});
    for (const Section& section : published.chapter.sections) {
      pictures.insert(pictures.end(), section.pictures.begin(), section.pictures.end());
    }
    const auto& claims = published.chapter.claims;
    const auto hold =
        std::count_if(claims.begin(), claims.end(), [](const Claim& claim) { return claim.holds; });
    entries.push_back({&study, claims.size(), static_cast<std::size_t>(hold)});
  }
  write_file_atomically(store.folder() / "README.md", {index_page(entries, scale == Scale::quick)});
  return pictures;
}

void draw(const Store& store, const std::vector<Picture>& pictures) {
  const auto specs =
      std::filesystem::temp_directory_path() / ("syncline-pictures-" + std::to_string(getpid()));
  std::filesystem::create_directories(specs);
  for (const Picture& picture : pictures) {
    write_file_atomically(specs / (picture.name + ".json"), {picture.spec.dump(1)});
  }
  const auto target = std::filesystem::absolute(store.folder() / "pictures");
  std::filesystem::create_directories(target);
  const ChildResult drawn =
      run_child({SYNCLINE_NODE, SYNCLINE_PICTURES, specs.string(), target.string()}, specs);
  std::error_code ignored;
  std::filesystem::remove_all(specs, ignored);
  if (!drawn.found) {
    throw DataError("the pictures can't be drawn: " SYNCLINE_NODE " is missing; install nodejs");
  }
  if (drawn.exit_code != 0) throw DataError("the pictures can't be drawn: " + drawn.output);
}

}  // namespace syncline::repro
