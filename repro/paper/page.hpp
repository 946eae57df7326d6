#pragma once

#include <string>
#include <vector>

#include "study.hpp"

namespace syncline::repro {

/// What a page says beside the chapter itself.
struct PageFacts {
  double seconds = 0;      ///< of one core, spent on what is stored; 0: unknown
  std::size_t runs = 0;    ///< stored training runs
  std::size_t wanted = 0;  ///< of so many
  std::size_t parts = 0;   ///< stored parts of a computation
  std::size_t wanted_parts = 0;
  bool quick = false;
};

/// The page of a study in Markdown. Its pictures are beside it, in pictures/.
[[nodiscard]] std::string study_page(const Study& study, const Chapter& chapter,
                                     const PageFacts& facts);

/// A row of the index.
struct IndexEntry {
  const Study* study = nullptr;
  std::size_t claims = 0;
  std::size_t hold = 0;
};

[[nodiscard]] std::string index_page(const std::vector<IndexEntry>& entries, bool quick);

}  // namespace syncline::repro
