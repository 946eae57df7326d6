#pragma once

#include <string>

#include <nlohmann/json.hpp>

#include "report/page_template.hpp"
#include "syncline/error.hpp"
#include "syncline/report.hpp"

namespace syncline::test {

/// The part of a page that a browser would hand to JSON.parse.
inline std::string data_of(const std::string& page) {
  return page.substr(page_head.size(), page.size() - page_head.size() - page_tail.size());
}

/// What render_report complains of; empty if it does not.
inline std::string complaint(const nlohmann::ordered_json& document) {
  try {
    static_cast<void>(render_report(document));
  } catch (const DataError& error) {
    return error.what();
  }
  return "";
}

/// Visits every member of every object, depth first; in lists the first element stands for all.
template <class Visit>
void for_each_member(const nlohmann::ordered_json& value,
                     const nlohmann::ordered_json::json_pointer& at, const Visit& visit) {
  if (value.is_object()) {
    for (const auto& [name, inner] : value.items()) {
      visit(at / name, name);
      for_each_member(inner, at / name, visit);
    }
  } else if (value.is_array() && !value.empty()) {
    for_each_member(value[0], at / 0, visit);
  }
}

}  // namespace syncline::test
