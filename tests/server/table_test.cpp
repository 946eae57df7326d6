#include "server/table.hpp"

#include <map>

#include <doctest/doctest.h>
#include <rapidcheck.h>

namespace syncline {
namespace {

using Vector = std::vector<double>;

/// The table by its definition: all payloads of each entry are kept, means are taken when asked.
class PlainTable {
 public:
  void fold(std::uint32_t worker, const Vector& payload) { entries_[worker].push_back(payload); }
  void put(std::uint32_t worker, const Vector& payload) { entries_[worker] = {payload}; }
  [[nodiscard]] Vector mean() const {
    Vector result(2, 0.0);
    for (const auto& [worker, payloads] : entries_) {
      for (const Vector& payload : payloads) {
        for (std::size_t i = 0; i < 2; ++i) {
          result[i] += payload[i] / static_cast<double>(payloads.size() * entries_.size());
        }
      }
    }
    return result;
  }

 private:
  std::map<std::uint32_t, std::vector<Vector>> entries_;
};

TEST_CASE("the mean of a table, any folds and puts, is that of its definition; and is restored") {
  CHECK(rc::check("against all payloads kept", [] {
    constexpr std::uint32_t workers = 4;
    Table<double> table(workers, 2);
    PlainTable plain;
    const auto changes = *rc::gen::inRange(1, 60);
    for (int i = 0; i < changes; ++i) {
      const auto worker = *rc::gen::inRange<std::uint32_t>(0, workers);
      const Vector payload = {static_cast<double>(*rc::gen::inRange(-100, 100)),
                              static_cast<double>(*rc::gen::inRange(-100, 100))};
      if (*rc::gen::arbitrary<bool>()) {
        table.fold(worker, 1, payload);
        plain.fold(worker, payload);
      } else {
        table.put(worker, 1, payload);
        plain.put(worker, payload);
      }
    }
    Table<double> other(workers, 2);
    other.restore(table.state());
    const auto from = table.vectors();
    const auto to = other.vectors();
    RC_ASSERT(from.size() == to.size());
    for (std::size_t i = 0; i < from.size(); ++i) *to[i] = *from[i];
    const Vector expected = plain.mean();
    for (std::size_t i = 0; i < 2; ++i) {
      RC_ASSERT(std::abs(table.result()[i] - expected[i]) <= 1e-9);
      RC_ASSERT(other.result()[i] == table.result()[i]);
    }
    RC_ASSERT(other.fresh() == static_cast<std::size_t>(changes));
  }));
}

TEST_CASE("a payload's weight scales it, and a cleared table starts anew") {
  Table<double> table(3, 1);
  table.fold(1, 0.5, Vector{8});
  table.fold(2, 1, Vector{2});
  CHECK(table.result()[0] == 3);
  table.clear();
  CHECK(table.fresh() == 0);
  table.put(0, 1, Vector{5});
  CHECK(table.result()[0] == 5);
}

}  // namespace
}  // namespace syncline
