#include "report/embed_document.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include <nlohmann/json.hpp>

#include "syncline/error.hpp"

namespace syncline {
namespace {

using Json = nlohmann::ordered_json;

/// Six significant digits: far finer than a pixel, and a third of the bytes.
void round_numbers(Json& value) {
  if (value.is_number_float()) {
    char digits[32];
    std::snprintf(digits, sizeof digits, "%.6g", value.get<double>());
    value = std::strtod(digits, nullptr);
  } else if (value.is_structured()) {
    for (auto& element : value) round_numbers(element);
  }
}

/// Trailing zeros say nothing, and a dense histogram has thousands of them.
void trim_zeros(Json& list) {
  auto& values = list.get_ref<Json::array_t&>();
  while (values.size() > 1 && values.back() == 0) values.pop_back();
}

template <class Visit>
void for_each_policy(Json& document, Visit visit) {
  for (auto& setting : document.at("settings")) {
    for (auto& policy : setting.at("policies")) visit(policy);
  }
}

/// Every second value, and always the last one.
void halve(Json& list) {
  Json::array_t kept;
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (i % 2 == 0 || i + 1 == list.size()) kept.push_back(std::move(list[i]));
  }
  list = std::move(kept);
}

/// The first half of the timeline's stretch: thinning spans would draw work that never happened.
void shorten(Json& timeline) {
  const double from = timeline.at("from").get<double>();
  const double to = (from + timeline.at("to").get<double>()) / 2;
  timeline["to"] = to;
  auto& spans = timeline.at("spans").get_ref<Json::array_t&>();
  std::erase_if(spans, [to](const Json& span) { return span[2].get<double>() >= to; });
  auto& arrows = timeline.at("arrows").get_ref<Json::array_t&>();
  std::erase_if(arrows, [to](const Json& arrow) { return arrow[2].get<double>() > to; });
}

void thin(Json& document) {
  for_each_policy(document, [](Json& policy) {
    for (auto& curve : policy.at("curves")) {
      for (const char* name :
           {"time", "update", "compute", "test_error", "test_loss", "train_loss"}) {
        halve(curve.at(name));
      }
    }
    shorten(policy.at("timeline"));
    if (policy.at("k").is_array() && policy.at("k").size() > 200) halve(policy.at("k"));
  });
}

std::string replace_all(std::string text, std::string_view from, std::string_view to) {
  for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
  return text;
}

std::string escape_for_script(const Json& document) {
  // Bytes that are not UTF-8 (a path in the configuration may hold them) become U+FFFD.
  std::string text = document.dump(-1, ' ', false, Json::error_handler_t::replace);
  text = replace_all(std::move(text), "<", "\\u003c");
  text = replace_all(std::move(text), "\xE2\x80\xA8", "\\u2028");
  return replace_all(std::move(text), "\xE2\x80\xA9", "\\u2029");
}

}  // namespace

std::string embed_document(Json document, std::size_t budget) {
  for_each_policy(document, [](Json& policy) {
    for (const char* name : {"curves", "timeline", "k"}) round_numbers(policy.at(name));
    trim_zeros(policy.at("staleness_histogram"));
  });
  std::string text = escape_for_script(document);
  // Ten halvings leave a thousandth; what is still too large then is not the charts' data.
  for (int round = 0; text.size() > budget && round < 10; ++round) {
    thin(document);
    document["thinned"] = true;
    text = escape_for_script(document);
  }
  if (text.size() > budget) {
    throw DataError("race document: too large for one page (" + std::to_string(text.size()) +
                    " bytes after thinning, at most " + std::to_string(budget) +
                    "); race fewer policies or seeds at a time");
  }
  return text;
}

}  // namespace syncline
