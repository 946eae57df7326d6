#include "report/thin_document.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <utility>

#include <nlohmann/json.hpp>

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
void for_each_policy(Json& race, Visit visit) {
  for (auto& setting : race.at("settings")) {
    for (auto& policy : setting.at("policies")) visit(policy);
  }
}

/// Every group of jobs that a fit has laws of.
template <class Visit>
void for_each_group(Json& fit, Visit visit) {
  visit(fit.at("pooled"));
  for (const char* list : {"groups", "workers"}) {
    for (auto& owner : fit.at(list)) visit(owner.at("fit"));
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

void thin_race(Json& race) {
  for_each_policy(race, [](Json& policy) {
    for (auto& curve : policy.at("curves")) {
      for (const char* name :
           {"time", "update", "compute", "test_error", "test_loss", "train_loss"}) {
        halve(curve.at(name));
      }
      // Not in documents of earlier versions.
      if (curve.contains("train_error")) halve(curve.at("train_error"));
    }
    shorten(policy.at("timeline"));
    if (policy.at("k").is_array() && policy.at("k").size() > 200) halve(policy.at("k"));
  });
}

void thin_fit(Json& fit) {
  for_each_group(fit, [](Json& group) {
    for (const char* name : {"qq", "survival"}) halve(group.at(name));
    const auto fitted = group.find("fitted");
    if (fitted == group.end()) return;
    halve(fitted->at("time"));
    for (auto& law : fitted->at("laws")) halve(law.at("survival"));
  });
  for (auto& worker : fit.at("workers")) {
    auto& laws = worker.at("fit").at("laws").get_ref<Json::array_t&>();
    if (laws.size() > 1) laws.resize(1);
  }
}

void thin_plan(Json& plan) {
  for (auto& candidate : plan.at("candidates")) {
    if (candidate.contains("curve")) halve(candidate.at("curve"));
  }
  if (!plan.at("fleet").at("fit").is_null()) thin_fit(plan.at("fleet").at("fit"));
}

/// What the page shows of nodes without a server: not their way, and no graph that would be a black
/// disc and, for a thousand nodes, larger than a page may be.
void trim_nodes(Json& nodes) {
  constexpr std::size_t most_edges = 4000;
  nodes.erase("worst");
  nodes.erase("final_worst");
  if (const std::size_t edges = nodes.at("edges").size(); edges > most_edges) {
    nodes["edge_count"] = edges;
    nodes["edges"] = nullptr;
  }
  if (nodes.contains("final")) round_numbers(nodes.at("final"));
}

/// Calls the visitor of the document's kind; a race may carry a plan.
template <class Race, class Plan, class Fit>
void by_kind(Json& document, Race race, Plan plan, Fit fit) {
  const auto& kind = document.at("kind");
  if (kind == "fit") return fit(document);
  if (kind == "plan") return plan(document);
  race(document);
  const auto predicted = document.find("plan");
  if (predicted != document.end() && !predicted->is_null()) plan(*predicted);
}

}  // namespace

void trim_document(Json& document) {
  const auto trim_race = [](Json& race) {
    for_each_policy(race, [](Json& policy) {
      for (const char* name : {"curves", "timeline", "k"}) round_numbers(policy.at(name));
      trim_zeros(policy.at("staleness_histogram"));
    });
    if (race.contains("nodes")) trim_nodes(race.at("nodes"));
  };
  const auto trim_plan = [](Json& plan) {
    round_numbers(plan.at("candidates"));
    round_numbers(plan.at("fleet").at("fit"));
  };
  by_kind(document, trim_race, trim_plan, round_numbers);
}

void thin_document(Json& document) { by_kind(document, thin_race, thin_plan, thin_fit); }

}  // namespace syncline
