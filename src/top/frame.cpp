#include "top/frame.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <functional>
#include <numeric>

#include "syncline/error.hpp"
#include "syncline/spec.hpp"
#include "top/verdict.hpp"
#include "top/wait.hpp"

namespace syncline {
namespace {

using State = WorkerPicture::State;

std::string number(double value) {
  if (std::isnan(value)) return "-";
  char text[32];
  std::snprintf(text, sizeof text, "%.3g", value);
  return text;
}

std::string percent(double share) {
  if (!std::isfinite(share)) return "-";
  char text[32];
  std::snprintf(text, sizeof text, "%.1f %%", 100 * share);
  return text;
}

const char* state_name(State state) {
  static constexpr const char* names[] = {"computing", "parked", "down", "?"};
  return names[static_cast<int>(state)];
}

/// Everything that rows are made of and sorted by.
struct Rows {
  explicit Rows(const RunPicture& shown) : picture(shown), pace(paces(shown)) {
    for (const WorkerPicture& worker : picture.workers) contributed += worker.contributed;
  }
  [[nodiscard]] const WorkerPicture& worker(std::size_t i) const { return picture.workers[i]; }
  [[nodiscard]] Version lag(std::size_t i) const {
    return picture.version - std::min(picture.version, worker(i).read);
  }
  [[nodiscard]] double share(std::size_t i) const {
    return static_cast<double>(worker(i).contributed) / static_cast<double>(contributed);
  }

  const RunPicture& picture;
  std::vector<Pace> pace;
  std::uint64_t contributed = 0;
};

/// What rows are sorted by: larger ones first. Unknown numbers come last.
using Key = double (*)(const Rows&, std::size_t);

double known(double value) { return std::isnan(value) ? -1.0 : value; }

double trouble(const Rows& rows, std::size_t i) {
  if (rows.worker(i).state == State::down) return 1e12;
  if (rows.pace[i].verdict == Verdict::late) return 1e11;
  const double ratio = std::min(rows.pace[i].ratio, 1e9);
  return rows.pace[i].verdict == Verdict::slow ? 1e9 + ratio : ratio;
}

struct Order {
  const char* name;
  Key key;
};

constexpr Order orders[] = {
    {"trouble", trouble},
    {"worker", [](const Rows&, std::size_t i) { return -static_cast<double>(i); }},
    {"state",
     [](const Rows& rows, std::size_t i) { return static_cast<double>(rows.worker(i).state); }},
    {"p50", [](const Rows& rows, std::size_t i) { return known(rows.worker(i).median); }},
    {"p95", [](const Rows& rows, std::size_t i) { return known(rows.worker(i).p95); }},
    {"share", [](const Rows& rows,
                 std::size_t i) { return static_cast<double>(rows.worker(i).contributed); }},
    {"lag", [](const Rows& rows, std::size_t i) { return static_cast<double>(rows.lag(i)); }},
};

Key key_of(const std::string& name) {
  for (const Order& order : orders) {
    if (order.name == name) return order.key;
  }
  std::string all;
  for (const std::string& known_name : frame_orders()) all += " " + known_name;
  const auto near = nearest_name(name, frame_orders());
  throw ConfigError("--sort: there is no order '" + name + "'" +
                    (near ? "; did you mean '" + *near + "'?" : "") + " (there are:" + all + ")");
}

Cell state_cell(State state) {
  static constexpr Emphasis emphases[] = {Emphasis::good, Emphasis::dim, Emphasis::bad,
                                          Emphasis::none};
  return {state_name(state), emphases[static_cast<int>(state)]};
}

Cell pace_cell(const Pace& pace) {
  static constexpr Emphasis emphases[] = {Emphasis::none, Emphasis::none, Emphasis::warning,
                                          Emphasis::bad};
  return {to_text(pace), emphases[static_cast<int>(pace.verdict)]};
}

std::vector<Cell> row_of(const Rows& rows, std::size_t i, const Wait& wait) {
  const WorkerPicture& worker = rows.worker(i);
  return {{std::to_string(i)},
          state_cell(worker.state),
          {number(std::max(0.0, rows.picture.time - worker.since))},
          {std::to_string(worker.read)},
          {std::to_string(rows.lag(i))},
          {number(worker.median)},
          {number(worker.p95)},
          pace_cell(rows.pace[i]),
          {percent(rows.share(i))},
          {worker.state == State::parked ? why_parked(wait) : ""}};
}

std::string workers_line(const RunPicture& picture) {
  std::size_t counts[4] = {};
  for (const WorkerPicture& worker : picture.workers) ++counts[static_cast<int>(worker.state)];
  std::string text = std::to_string(picture.workers.size()) + " workers: ";
  if (counts[3] > 0) {
    return text + std::to_string(counts[3]) + " up, " + std::to_string(counts[2]) + " down";
  }
  return text + std::to_string(counts[0]) + " computing, " + std::to_string(counts[1]) +
         " parked, " + std::to_string(counts[2]) + " down";
}

std::string list_of(const std::map<std::string, std::uint64_t>& counts) {
  std::string text;
  for (const auto& [name, count] : counts) {
    text += (text.empty() ? "" : ", ") + name + " " + std::to_string(count);
  }
  return text;
}

std::string account_line(const RunPicture& picture) {
  const Account& account = picture.account;
  std::string text = "gradients: " + std::to_string(account.applied) + " applied, " +
                     std::to_string(account.held) + " held, " + std::to_string(account.dropped) +
                     " dropped";
  if (!picture.drops.empty()) text += " (" + list_of(picture.drops) + ")";
  return text + ", " + std::to_string(account.cancelled) + " cancelled, " +
         std::to_string(account.lost) + " lost, " + std::to_string(account.in_flight) +
         " in flight";
}

std::string evaluation_line(const RunPicture& picture) {
  const Metrics& metrics = picture.metrics;
  return "test error " + number(metrics.test_error) + "  test loss " + number(metrics.test_loss) +
         "  train loss " + number(metrics.train_loss) + "  at update " +
         std::to_string(picture.evaluation_version);
}

std::vector<std::string> header_of(const RunPicture& picture, const Wait& wait) {
  std::vector<std::string> lines;
  lines.push_back(picture.policy + " on " + picture.fleet + "  time " + number(picture.time) +
                  (picture.outcome.empty() ? "" : "  over: " + picture.outcome));
  lines.push_back(workers_line(picture));
  lines.push_back("updates " + std::to_string(picture.version) + "  " +
                  number(picture.update_rate) + "/s  K " + number(picture.k) + "  staleness mean " +
                  number(picture.staleness.mean()) + " max " +
                  std::to_string(picture.staleness.largest));
  if (picture.evaluations > 0) lines.push_back(evaluation_line(picture));
  lines.push_back(account_line(picture));
  if (picture.failed_checkpoints > 0) {
    lines.push_back("checkpoints: " + std::to_string(picture.checkpoints) + " written, " +
                    std::to_string(picture.failed_checkpoints) + " failed");
  }
  if (!picture.refused.empty()) lines.push_back("refused: " + list_of(picture.refused));
  const std::string awaited = picture.outcome.empty() ? to_text(wait) : "";
  if (!awaited.empty()) lines.push_back("next step: " + awaited);
  return lines;
}

}  // namespace

const std::vector<std::string>& frame_orders() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> list;
    for (const Order& order : orders) list.emplace_back(order.name);
    return list;
  }();
  return names;
}

RunFrame make_frame(const RunPicture& picture, const std::string& order) {
  const Rows rows(picture);
  const Key key = key_of(order);
  const Wait wait = wait_of(picture);
  RunFrame frame;
  frame.header = header_of(picture, wait);
  frame.columns = {{"worker"}, {"state", true}, {"since"},      {"read"},  {"lag"},
                   {"p50"},    {"p95"},         {"pace", true}, {"share"}, {"waits", true}};
  std::vector<std::size_t> sequence(picture.workers.size());
  std::iota(sequence.begin(), sequence.end(), std::size_t{0});
  std::stable_sort(sequence.begin(), sequence.end(),
                   [&](std::size_t a, std::size_t b) { return key(rows, a) > key(rows, b); });
  for (const std::size_t i : sequence) frame.rows.push_back(row_of(rows, i, wait));
  return frame;
}

}  // namespace syncline
