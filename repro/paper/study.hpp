#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "syncline/config.hpp"
#include "syncline/progress.hpp"

// An experiment of "Slow and Stale Gradients Can Win the Race" (arXiv 1803.01113, 2003.10579), or
// one beyond it, from its settings to its page: what is run, what is stored, what is drawn, what is
// claimed.
namespace syncline::repro {

using Json = nlohmann::ordered_json;

/// How much is run. The pages in docs/ show full results; quick ones answer the same questions
/// within minutes, with wider errors.
enum class Scale { full, quick };

/// One training run, stored as one file, `results/STUDY/NAME.json`, which can be continued.
struct Run {
  std::string name;
  RunConfig config;
};

/// A piece of a long computation, stored as one file, `results/STUDY/NAME.json`, so that a study
/// cut short goes on with the next. What is stored counts if it was made with these settings.
struct Part {
  std::string name;
  Json settings;
  std::function<Json(const Progress&)> compute;
};

/// What is stored of a study, and all that its page may use.
struct Results {
  Json computed;                      ///< null where the study computes nothing
  std::map<std::string, Json> runs;   ///< by name; those that are there
  std::map<std::string, Json> parts;  ///< likewise
};

/// A sentence that the results bear out or not. `expected` is what the stored results gave when the
/// page was written: a test holds them together.
struct Claim {
  std::string text;
  std::string source;  ///< who says so: "paper", "theory", "here"
  bool holds = false;
  std::string evidence;  ///< the numbers behind the verdict
  bool expected = true;
  bool open = false;  ///< where it doesn't hold: nor does its opposite, beyond doubt
};

/// A picture: its file name without ending, and the specification that docs/pictures.md describes.
struct Picture {
  std::string name;
  Json spec;
};

/// A part of a page: words, then a table and a picture, where there are any.
struct Section {
  std::string heading;
  std::string text;  ///< Markdown
  std::vector<std::string> columns = {};
  std::vector<std::vector<std::string>> rows = {};
  std::vector<Picture> pictures = {};
};

/// A page.
struct Chapter {
  std::vector<Section> sections;
  std::vector<Claim> claims;
};

struct Study {
  std::string id;         ///< of its page and results: "fig05-speed-up"
  std::string title;      ///< "Figure 5: speed-up of async over sync"
  std::string original;   ///< what the paper shows and under which settings, Markdown
  std::string settings;   ///< what was run here, Markdown
  std::string seeds;      ///< "none: closed forms", "1 to 5"
  bool analytic = false;  ///< takes seconds, gives the same bits everywhere: CI runs it anew

  /// The training runs; empty where there are none. In the order of their worth: a study that was
  /// cut short has the first ones.
  std::function<std::vector<Run>(Scale)> runs = {};
  /// Pieces of computation; empty where there are none.
  std::function<std::vector<Part>(Scale)> parts = {};
  /// Everything that is no training run of its own; stored as `results/ID.json`.
  std::function<Json(Scale, const Progress&)> compute = {};
  std::function<Chapter(const Results&)> chapter;
};

}  // namespace syncline::repro
