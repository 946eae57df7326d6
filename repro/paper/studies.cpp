#include "studies.hpp"

#include "syncline/error.hpp"

namespace syncline::repro {

const std::vector<Study>& studies() {
  static const std::vector<Study> all = {
      adasync_lenet(),
  };
  return all;
}

const Study& study_named(const std::string& id) {
  std::string names;
  for (const Study& study : studies()) {
    if (study.id == id) return study;
    names += (names.empty() ? "" : ", ") + study.id;
  }
  throw ConfigError("there is no study '" + id + "'; there are " + names);
}

}  // namespace syncline::repro
