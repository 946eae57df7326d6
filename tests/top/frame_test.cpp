#include <sstream>

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "syncline/error.hpp"
#include "top/pictures.hpp"

namespace syncline {
namespace {

using testing::cell;
using testing::even_fleet;
using testing::header_line;
using State = WorkerPicture::State;

std::vector<std::string> workers_of(const RunFrame& frame) {
  std::vector<std::string> names;
  for (const auto& row : frame.rows) names.push_back(row.at(0).text);
  return names;
}

std::string without_codes(const std::string& line) {
  std::string text;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '\033') {
      while (line.at(i) != 'm') ++i;
    } else {
      text += line[i];
    }
  }
  return text;
}

/// Four workers of whom each is special.
RunPicture motley_fleet() {
  RunPicture picture = even_fleet(6);
  picture.workers[1].state = State::parked;
  picture.workers[1].since = 8;
  picture.workers[2].state = State::down;
  picture.workers[3].median = 4;
  picture.workers[4].since = 0;
  picture.workers[4].contributed = 50;
  picture.workers[5].read = 3;
  picture.account.held = 1;
  return picture;
}

TEST_CASE("rows: state, age, version, lag, quantiles, verdict, share, and why it is parked") {
  const RunFrame frame = make_frame(motley_fleet(), "worker");
  CHECK(workers_of(frame) == std::vector<std::string>{"0", "1", "2", "3", "4", "5"});
  CHECK(cell(frame, "0", "state") == "computing");
  CHECK(cell(frame, "0", "since") == "0.5");
  CHECK(cell(frame, "0", "read") == "10");
  CHECK(cell(frame, "0", "lag") == "0");
  CHECK(cell(frame, "0", "p50") == "1");
  CHECK(cell(frame, "0", "p95") == "1.25");
  CHECK(cell(frame, "0", "pace") == "ok");
  CHECK(cell(frame, "0", "share") == "10.0 %");
  CHECK(cell(frame, "0", "waits") == "");
  CHECK(cell(frame, "1", "state") == "parked");
  CHECK(cell(frame, "1", "since") == "2");
  CHECK(cell(frame, "1", "waits") == "for 3 more of 4");
  CHECK(cell(frame, "2", "state") == "down");
  CHECK(cell(frame, "3", "pace") == "slow 4x");
  CHECK(cell(frame, "4", "pace") == "late");
  CHECK(cell(frame, "4", "share") == "50.0 %");
  CHECK(cell(frame, "5", "lag") == "7");
}

TEST_CASE("the header: what runs, how fast, how well, and where all gradients are") {
  RunPicture picture = motley_fleet();
  picture.update_rate = 12.5;
  picture.account = {110, 103, 100, 2, 1, 3, 4, 0};
  picture.drops = {{"stale", 2}};
  picture.refused = {{"token", 3}};
  picture.staleness.add(0);
  picture.staleness.add(3);
  RunFrame frame = make_frame(picture, "worker");
  CHECK(frame.header.front() == "k-async(k=4) on threads  time 10");
  CHECK(header_line(frame, "workers:") == "6 workers: 4 computing, 1 parked, 1 down");
  CHECK(header_line(frame, "updates") == "updates 10  12.5/s  K 4  staleness mean 1.5 max 3");
  CHECK(header_line(frame, "gradients:") ==
        "gradients: 100 applied, 1 held, 2 dropped (stale 2), 3 cancelled, 0 lost, 4 in flight");
  CHECK(header_line(frame, "refused") == "refused: token 3");
  CHECK(header_line(frame, "next step") ==
        "next step: 1 of 4 gradients are there, the next may come from 5 0 3 4");
  CHECK(header_line(frame, "loss") == "");
  picture.evaluations = 1;
  picture.evaluation_version = 9;
  picture.metrics = {std::nan(""), 0.5, 0.25};
  picture.failed_checkpoints = 1;
  picture.outcome = "finished";
  frame = make_frame(picture, "worker");
  CHECK(header_line(frame, "loss") == "test error -  test loss 0.5  train loss 0.25  at update 9");
  CHECK(header_line(frame, "checkpoints") == "checkpoints: 0 written, 1 failed");
  CHECK(header_line(frame, "over") == "k-async(k=4) on threads  time 10  over: finished");
  CHECK(header_line(frame, "next step") == "");
}

TEST_CASE("orders: trouble first, or by one figure, equals by number") {
  const RunPicture picture = motley_fleet();
  using Names = std::vector<std::string>;
  CHECK(workers_of(make_frame(picture, "trouble")) == Names{"2", "4", "3", "0", "1", "5"});
  CHECK(workers_of(make_frame(picture, "state")) == Names{"2", "1", "0", "3", "4", "5"});
  CHECK(workers_of(make_frame(picture, "p50")) == Names{"3", "0", "1", "2", "4", "5"});
  CHECK(workers_of(make_frame(picture, "share")) == Names{"4", "0", "1", "2", "3", "5"});
  CHECK(workers_of(make_frame(picture, "lag")) == Names{"5", "0", "1", "2", "3", "4"});
  CHECK(frame_orders().front() == "trouble");
  for (const std::string& order : frame_orders()) {
    CAPTURE(order);
    CHECK(make_frame(picture, order).rows.size() == 6);
  }
  CHECK_THROWS_WITH_AS(static_cast<void>(make_frame(picture, "shar")),
                       doctest::Contains("did you mean 'share'"), ConfigError);
}

TEST_CASE("columns stand under their names: numbers right, words left") {
  const auto lines = render(make_frame(motley_fleet(), "worker"), {}, false);
  const auto head = std::find_if(lines.begin(), lines.end(), [](const std::string& line) {
    return line.rfind("worker", 0) == 0;
  });
  REQUIRE(head != lines.end());
  REQUIRE(lines.end() - head == 7);
  const std::size_t state = head->find("state"), share_end = head->find("share") + 5;
  const std::size_t waits = head->find("waits");
  for (auto line = head + 1; line != lines.end(); ++line) {
    CAPTURE(*line);
    CHECK((*line)[5] == static_cast<char>('0' + (line - head - 1)));
    CHECK((*line)[state] != ' ');
    CHECK((*line)[state - 1] == ' ');
    CHECK((*line)[share_end - 1] == '%');
  }
  CHECK((head + 2)->substr(waits) == "for 3 more of 4");
}

TEST_CASE("colour is around cells only, and only where it is wanted") {
  const RunFrame frame = make_frame(motley_fleet(), "trouble");
  const auto plain = render(frame, {}, false), coloured = render(frame, {}, true);
  REQUIRE(plain.size() == coloured.size());
  bool any = false;
  for (std::size_t i = 0; i < plain.size(); ++i) {
    CHECK(plain[i].find('\033') == std::string::npos);
    CHECK(without_codes(coloured[i]) == plain[i]);
    any = any || coloured[i] != plain[i];
  }
  CHECK(any);
}

TEST_CASE("a view fits its terminal, whatever its size: what is cut off is counted") {
  CHECK(rc::check("fits", [] {
    const auto workers = *rc::gen::inRange<std::size_t>(0, 300);
    const ViewSize size = {*rc::gen::inRange<std::size_t>(1, 120),
                           *rc::gen::inRange<std::size_t>(1, 60)};
    const bool colour = *rc::gen::arbitrary<bool>();
    const RunFrame frame = make_frame(even_fleet(workers), "trouble");
    const auto lines = render(frame, size, colour);
    RC_ASSERT(lines.size() <= size.lines);
    for (const std::string& line : lines) RC_ASSERT(without_codes(line).size() <= size.columns);
    const std::size_t around = frame.header.size() + 2;
    if (around + workers <= size.lines) {
      RC_ASSERT(lines.size() == around + workers);
    } else if (around + 1 <= size.lines && size.columns >= 20) {
      std::size_t left = 0;
      std::istringstream last(without_codes(lines.back()).substr(8));
      last >> left;
      RC_ASSERT(lines.size() == size.lines);
      RC_ASSERT(left == workers - (size.lines - around - 1));
    }
  }));
}

}  // namespace
}  // namespace syncline
