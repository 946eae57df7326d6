#include "policy/classical/waiting_times.hpp"

#include <algorithm>
#include <set>

#include <nlohmann/json.hpp>

#include "policy/classical/isotonic_table.hpp"

namespace syncline {
namespace {

/// Rounds that a mean is over, about: speeds change.
constexpr double remembered = 32;
/// A worker that is gone must not keep all rounds open: so many for each worker.
constexpr std::size_t open_rounds = 32;
constexpr std::uint64_t all_told_apart = 16;

std::vector<std::uint64_t> told_apart(std::uint64_t workers) {
  std::set<std::uint64_t> levels;
  if (workers <= all_told_apart) {
    for (std::uint64_t k = 1; k <= workers; ++k) levels.insert(k);
  } else {
    levels.insert(workers);
    for (std::uint64_t k = 1; 2 * k <= workers; k *= 2) levels.insert({k, workers - k});
  }
  return {levels.begin(), levels.end()};
}

}  // namespace

WaitingTimes::WaitingTimes(std::uint32_t workers)
    : workers_(workers),
      levels_(told_apart(workers)),
      cells_(levels_.size() * levels_.size()),
      counts_(workers, 0) {}

std::size_t WaitingTimes::level_of(std::uint64_t k) const {
  const auto above = std::upper_bound(levels_.begin(), levels_.end(), k);
  return static_cast<std::size_t>(above - levels_.begin()) - 1;
}

void WaitingTimes::round_began(double time, std::size_t h) {
  rounds_.push_back({time, h, 0});
  if (rounds_.size() <= open_rounds * workers_) return;
  rounds_.pop_front();
  ++first_;
}

void WaitingTimes::arrived(WorkerId worker, double started, double time) {
  std::uint64_t& next = counts_[worker];
  next = std::max(next, first_);
  for (; next - first_ < rounds_.size() && rounds_[next - first_].began <= started; ++next) {
    Round& round = rounds_[next - first_];
    const std::size_t column = level_of(++round.arrived);
    if (levels_[column] != round.arrived) continue;
    Cell& cell = cells_[round.h * levels_.size() + column];
    cell.rounds = std::min(cell.rounds + 1, remembered);
    cell.mean += (time - round.began - cell.mean) / cell.rounds;
  }
  while (!rounds_.empty() && rounds_.front().arrived == workers_) {
    rounds_.pop_front();
    ++first_;
  }
}

void WaitingTimes::fill_column(std::size_t column, std::size_t columns,
                               std::vector<double>& values) const {
  std::vector<std::size_t> seen;
  for (std::size_t h = 0; h < levels_.size(); ++h) {
    if (cells_[h * levels_.size() + column].rounds > 0) seen.push_back(h);
  }
  const auto mean = [&](std::size_t h) { return cells_[h * levels_.size() + column].mean; };
  for (std::size_t h = 0; h < levels_.size(); ++h) {
    const auto at = std::lower_bound(seen.begin(), seen.end(), h);
    double& value = values[h * columns + column];
    if (at == seen.end()) {
      value = mean(seen.back());
    } else if (at == seen.begin() || *at == h) {
      value = mean(*at);
    } else {
      const std::size_t below = *(at - 1);
      const auto share = static_cast<double>(h - below) / static_cast<double>(*at - below);
      value = mean(below) + share * (mean(*at) - mean(below));
    }
  }
}

std::vector<double> WaitingTimes::after(std::size_t h) const {
  // A round in which the k-th has arrived has seen all before it: the columns seen are the first.
  std::size_t columns = 0;
  for (std::size_t cell = 0; cell < cells_.size(); ++cell) {
    if (cells_[cell].rounds > 0) columns = std::max(columns, cell % levels_.size() + 1);
  }
  if (columns == 0) return {};
  std::vector<double> values(levels_.size() * columns), weights(values.size());
  for (std::size_t column = 0; column < columns; ++column) {
    fill_column(column, columns, values);
    for (std::size_t row = 0; row < levels_.size(); ++row) {
      weights[row * columns + column] = std::max(1.0, cells_[row * levels_.size() + column].rounds);
    }
  }
  const auto fitted = isotonic_table(std::move(values), weights, columns);
  const auto row = fitted.begin() + static_cast<std::ptrdiff_t>(h * columns);
  return {row, row + static_cast<std::ptrdiff_t>(columns)};
}

nlohmann::json WaitingTimes::state() const {
  nlohmann::json cells = nlohmann::json::array();
  for (const Cell& cell : cells_) cells.push_back({cell.mean, cell.rounds});
  nlohmann::json rounds = nlohmann::json::array();
  for (const Round& round : rounds_) rounds.push_back({round.began, round.h, round.arrived});
  return {{"cells", cells}, {"rounds", rounds}, {"first", first_}, {"counts", counts_}};
}

void WaitingTimes::restore(const nlohmann::json& state) {
  for (std::size_t i = 0; i < cells_.size(); ++i) {
    state.at("cells").at(i).at(0).get_to(cells_[i].mean);
    state.at("cells").at(i).at(1).get_to(cells_[i].rounds);
  }
  rounds_.clear();
  for (const auto& round : state.at("rounds")) {
    rounds_.push_back({round.at(0), round.at(1), round.at(2)});
  }
  state.at("first").get_to(first_);
  state.at("counts").get_to(counts_);
}

}  // namespace syncline
