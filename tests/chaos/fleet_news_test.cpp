#include "chaos/fleet_news.hpp"

#include <fstream>

#include <doctest/doctest.h>

#include "chaos/line_tail.hpp"
#include "chaos/log_tail.hpp"
#include "support/temporary_folder.hpp"

namespace syncline {
namespace {

using testing::TemporaryFolder;

TEST_CASE("lines of a server are understood, and others are passed over") {
  const auto listens = server_news("syncline: listening at 127.0.0.1:41234");
  REQUIRE(listens);
  CHECK(listens->kind == ServerNews::Kind::listens);
  CHECK(listens->address == "127.0.0.1:41234");
  const auto up = server_news("syncline: worker 12 ([::1]:41234) is up");
  REQUIRE(up);
  CHECK(up->kind == ServerNews::Kind::up);
  CHECK(up->worker == 12);
  const auto down = server_news("syncline: worker 0 (127.0.0.1:9) is down: its connection is gone");
  REQUIRE(down);
  CHECK(down->kind == ServerNews::Kind::down);
  CHECK(down->worker == 0);
  const auto resumed =
      server_news("syncline: resumed at update 437: 419 in the checkpoint, 18 kept");
  REQUIRE(resumed);
  CHECK(resumed->kind == ServerNews::Kind::resumed);
  CHECK(resumed->update == 437);
  for (const char* other :
       {"", "syncline: worker x (1) is up", "worker 1 (1) is up", "syncline: worker 1 (1) rests",
        "syncline: update 3 waits since 1.0 s of the run: nobody computes, and the policy waits "
        "for "
        "worker 0 (down since 0.9 s); start workers (at 1.05 s)"}) {
    CAPTURE(other);
    CHECK_FALSE(server_news(other));
  }
}

TEST_CASE("lines of a worker are understood, and others are passed over") {
  const auto joined = worker_news("syncline: taking part as worker 7");
  REQUIRE(joined);
  CHECK(joined->kind == WorkerNews::Kind::joined);
  CHECK(joined->worker == 7);
  CHECK(worker_news("syncline: the server is gone; waiting for it")->kind ==
        WorkerNews::Kind::alone);
  CHECK(worker_news("syncline: the server has been silent for 5.05 s; connecting anew")->kind ==
        WorkerNews::Kind::anew);
  CHECK(worker_news("syncline: the run is over")->kind == WorkerNews::Kind::over);
  CHECK_FALSE(worker_news("syncline: taking part as worker"));
  CHECK_FALSE(worker_news("syncline: error: no connection"));
}

TEST_CASE("lines of a growing file come once, and only when they are whole") {
  const TemporaryFolder folder;
  LineTail tail(folder / "file");
  CHECK(tail.lines().empty());
  std::ofstream file(folder / "file");
  file << "one\ntw" << std::flush;
  CHECK(tail.lines() == std::vector<std::string>{"one"});
  CHECK(tail.lines().empty());
  file << "o\n\nthree\nfo" << std::flush;
  CHECK(tail.lines() == std::vector<std::string>{"two", "", "three"});
  file << "ur\n" << std::flush;
  CHECK(tail.lines() == std::vector<std::string>{"four"});
  CHECK(tail.lines().empty());
}

TEST_CASE("the last whole update of a log that is being written") {
  const TemporaryFolder folder;
  CHECK(last_logged_update(folder / "none") == 0);
  CHECK(last_logged_update(folder.write("empty", std::string())) == 0);
  const std::string records = R"({"event":"run"}
{"event":"update","update":41}
{"event":"arrive","time":1}
{"event":"update","update":42}
{"event":"note","text":"x"}
)";
  CHECK(last_logged_update(folder.write("whole", records)) == 42);
  CHECK(last_logged_update(folder.write("cut", records + R"({"event":"update","upd)")) == 42);
}

}  // namespace
}  // namespace syncline
