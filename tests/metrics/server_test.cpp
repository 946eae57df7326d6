// What a run serves, fetched over HTTP and read back.

#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <doctest/doctest.h>

#include "metrics/fetch_metrics.hpp"
#include "metrics/figures_support.hpp"
#include "metrics/metrics_reader.hpp"
#include "metrics/metrics_server.hpp"
#include "syncline/error.hpp"

namespace syncline {
namespace {

using testing::WatchedRun;

std::string address_of(const MetricsServer& server) {
  return "127.0.0.1:" + std::to_string(server.port());
}

bool same(double a, double b) {
  return (std::isnan(a) && std::isnan(b)) || a == b || a == doctest::Approx(b).epsilon(1e-12);
}

void check_same(const RunPicture& a, const RunPicture& b) {
  CHECK(a.policy == b.policy);
  CHECK(a.fleet == b.fleet);
  CHECK(a.version == b.version);
  CHECK(same(a.time, b.time));
  CHECK(same(a.k, b.k));
  CHECK(same(a.update_rate, b.update_rate));
  CHECK(a.account.started == b.account.started);
  CHECK(a.account.computed == b.account.computed);
  CHECK(a.account.applied == b.account.applied);
  CHECK(a.account.dropped == b.account.dropped);
  CHECK(a.account.held == b.account.held);
  CHECK(a.account.cancelled == b.account.cancelled);
  CHECK(a.account.in_flight == b.account.in_flight);
  CHECK(a.account.lost == b.account.lost);
  CHECK(a.drops == b.drops);
  CHECK(a.refused == b.refused);
  CHECK(a.staleness == b.staleness);
  CHECK(a.checkpoints == b.checkpoints);
  CHECK(a.failed_checkpoints == b.failed_checkpoints);
  CHECK(same(a.evaluation_time, b.evaluation_time));
  CHECK(a.evaluation_version == b.evaluation_version);
  CHECK(a.evaluations == b.evaluations);
  CHECK(same(a.metrics.test_error, b.metrics.test_error));
  CHECK(same(a.metrics.test_loss, b.metrics.test_loss));
  CHECK(same(a.metrics.train_loss, b.metrics.train_loss));
  CHECK(same(a.metrics.train_error, b.metrics.train_error));
  REQUIRE(a.workers.size() == b.workers.size());
  for (std::size_t i = 0; i < a.workers.size(); ++i) {
    CAPTURE(i);
    const WorkerPicture &one = a.workers[i], &other = b.workers[i];
    CHECK(one.state == other.state);
    CHECK(same(one.since, other.since));
    CHECK(one.read == other.read);
    CHECK(one.steps == other.steps);
    CHECK(one.unfinished == other.unfinished);
    CHECK(same(one.step_time, other.step_time));
    CHECK(same(one.median, other.median));
    CHECK(same(one.p95, other.p95));
    CHECK(one.contributed == other.contributed);
  }
}

TEST_CASE("the figures of a run, fetched and read back, are the same") {
  WatchedRun run("k-sync(k=3, rest=finish)", 7, 2);
  MetricsServer server("127.0.0.1", 0, [&] { return run.figures.picture(); });
  run.fleet.begin();
  for (int round = 0; round < 5; ++round) {
    check_same(read_metrics(fetch_metrics(address_of(server))), run.figures.picture());
    for (int event = 0; event < 100; ++event) REQUIRE(run.advance());
  }
  EvaluationPoint point;
  point.time = 12.5;
  point.update = 40;
  point.metrics = {0.25, 0.75, 0.5, 0.125};
  run.figures.evaluated(point);
  run.figures.refused({{"token", 3}, {"a \"quoted\\ reason\"\n", 1}});
  for (const bool written : {true, false, true}) run.figures.checkpoint(written);
  const RunPicture last = run.figures.picture();
  CHECK(last.checkpoints == 2);
  CHECK(last.failed_checkpoints == 1);
  CHECK(last.account.dropped > 0);
  CHECK(last.account.lost > 0);
  CHECK(last.evaluations == 1);
  check_same(read_metrics(fetch_metrics(address_of(server))), last);
}

TEST_CASE("the text is in Prometheus' format: types, and a histogram that adds up") {
  WatchedRun run("async", 4, 2);
  MetricsServer server("127.0.0.1", 0, [&] { return run.figures.picture(); });
  run.fleet.begin();
  for (int event = 0; event < 200; ++event) REQUIRE(run.advance());
  const std::string text = fetch_metrics(address_of(server));
  for (const char* line :
       {"# TYPE syncline_updates_total counter\n", "# TYPE syncline_staleness histogram\n",
        "# TYPE syncline_worker_step_seconds summary\n", "# TYPE syncline_worker_state gauge\n"}) {
    CAPTURE(line);
    CHECK(text.find(line) != std::string::npos);
  }
  const std::string total = std::to_string(run.statistics.staleness().total());
  CHECK(text.find("syncline_staleness_bucket{le=\"+Inf\"} " + total + "\n") != std::string::npos);
  CHECK(text.find("syncline_staleness_count " + total + "\n") != std::string::npos);
}

/// A connection to the server over which nothing is asked; -1 if there is none.
int silent_client(std::uint16_t port) {
  const int client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const auto* generic = reinterpret_cast<const sockaddr*>(&address);
  return connect(client, generic, sizeof address) == 0 ? client : -1;
}

TEST_CASE("clients that say nothing, or nonsense, keep neither others nor the end waiting") {
  WatchedRun run("async", 4, 2);
  run.fleet.begin();
  std::vector<int> clients;
  {
    MetricsServer server("127.0.0.1", 0, [&] { return run.figures.picture(); });
    for (int i = 0; i < 5; ++i) clients.push_back(silent_client(server.port()));
    for (const int client : clients) REQUIRE(client >= 0);
    const std::string nonsense(20000, '\x01');
    CHECK(send(clients[0], nonsense.data(), nonsense.size(), MSG_NOSIGNAL) != 0);
    CHECK(read_metrics(fetch_metrics(address_of(server))).workers.size() == 4);
  }
  for (const int client : clients) close(client);
}

/// The first line that the server answers with.
std::string answer_to(std::uint16_t port, const std::string& question) {
  const int client = silent_client(port);
  REQUIRE(client >= 0);
  CHECK(send(client, question.data(), question.size(), MSG_NOSIGNAL) ==
        static_cast<ssize_t>(question.size()));
  std::string answer;
  char piece[256];
  ssize_t got = 0;
  while ((got = recv(client, piece, sizeof piece, 0)) > 0) {
    answer.append(piece, static_cast<std::size_t>(got));
  }
  close(client);
  return answer.substr(0, answer.find("\r\n"));
}

TEST_CASE("metrics can be asked for and not written to, with or without a length") {
  const MetricsServer server("127.0.0.1", 0, [] { return RunPicture(); });
  for (const char* method : {"POST", "PUT", "DELETE", "PATCH"}) {
    CAPTURE(method);
    const std::string begin = std::string(method) + " /metrics HTTP/1.1\r\nHost: here\r\n";
    for (const char* length : {"", "Content-Length: 0\r\n"}) {
      CHECK(answer_to(server.port(), begin + length + "\r\n").starts_with("HTTP/1.1 405 "));
    }
  }
  CHECK(answer_to(server.port(), "GET /metrics HTTP/1.1\r\nHost: here\r\n\r\n") ==
        "HTTP/1.1 200 OK");
}

/// What is said of a host where nobody can listen.
std::string refusal_of(const std::string& host) {
  try {
    const MetricsServer server(host, 0, [] { return RunPicture(); });
  } catch (const ConfigError& error) {
    return error.what();
  }
  return "";
}

TEST_CASE("an address that is not of this machine, a name of none, and no address are refused") {
  // A network of examples, and a name that is too long to be looked up.
  const std::string elsewhere = "203.0.113.7", nowhere(300, 'x');
  for (const std::string& host : {elsewhere, nowhere}) {
    const std::string refusal = refusal_of(host);
    CAPTURE(refusal);
    CHECK(refusal.find("can't listen at " + host + ":0 (") != std::string::npos);
    CHECK(refusal.find("--metrics-host") != std::string::npos);
  }
  CHECK(refusal_of(elsewhere).find("Cannot assign requested address") != std::string::npos);
  CHECK(refusal_of(nowhere).find(gai_strerror(EAI_NONAME)) != std::string::npos);
  CHECK(refusal_of("").find("--metrics-host") != std::string::npos);
}

TEST_CASE("a port that is taken, and a server that is not there") {
  MetricsServer first("127.0.0.1", 0, [] { return RunPicture(); });
  CHECK_THROWS_AS(MetricsServer("127.0.0.1", first.port(), [] { return RunPicture(); }),
                  ConfigError);
  std::string address;
  {
    MetricsServer gone("127.0.0.1", 0, [] { return RunPicture(); });
    address = address_of(gone);
  }
  CHECK_THROWS_AS(static_cast<void>(fetch_metrics(address)), DataError);
  CHECK_THROWS_AS(static_cast<void>(fetch_metrics("no host here")), DataError);
}

}  // namespace
}  // namespace syncline
