#pragma once

#include "page.hpp"
#include "store.hpp"

namespace syncline::repro {

/// A study's chapter and page from what is stored; no sections where too little is.
struct Published {
  Chapter chapter;
  std::string page;
};

[[nodiscard]] Published publish(const Store& store, const Study& study, Scale scale);

/// Writes the pages of all studies that have something to show, and the index. Returns the pictures
/// they show.
[[nodiscard]] std::vector<Picture> write_pages(const Store& store, Scale scale);

/// Draws pictures into the store's folder `pictures/` with the report's own code
/// (docs/pictures.md). Throws DataError with what the drawing program says.
void draw(const Store& store, const std::vector<Picture>& pictures);

}  // namespace syncline::repro
