#include "chaos/notice_book.hpp"

#include <doctest/doctest.h>

namespace syncline {
namespace {

TEST_CASE("faults are noticed once, by their worker, or missed, or nobody can know") {
  NoticeBook book;
  const NoticeBook::Clock::time_point begin;
  const auto at = [&](int milliseconds) { return begin + std::chrono::milliseconds(milliseconds); };
  book.noticed(3, at(0));  // of nobody who was struck
  book.struck(1, FaultKind::kill, at(100));
  book.struck(2, FaultKind::stop, at(200));
  book.noticed(1, at(150));
  book.noticed(1, at(900));
  book.mended(1);  // has been noticed
  book.mended(2);
  book.struck(1, FaultKind::kill, at(1000));
  book.server_gone();
  book.noticed(1, at(1100));
  const Notices& kills = book.notices().at(FaultKind::kill);
  REQUIRE(kills.seconds.size() == 1);
  CHECK(kills.seconds[0] == doctest::Approx(0.05));
  CHECK(kills.missed == 0);
  CHECK(kills.unknowable == 1);
  const Notices& stops = book.notices().at(FaultKind::stop);
  CHECK(stops.seconds.empty());
  CHECK(stops.missed == 1);
}

}  // namespace
}  // namespace syncline
