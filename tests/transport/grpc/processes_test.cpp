// A whole fleet of processes on this machine: one `serve`, several `work`. Phases that must not
// end too early wait for a worker that the test has not started yet; nothing depends on time.

#include <csignal>
#include <filesystem>
#include <memory>
#include <unistd.h>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "cli/process.hpp"
#include "transport/certificates.hpp"

namespace syncline {
namespace {

using Workers = std::vector<std::unique_ptr<Process>>;
/// A run of a small model. It stands still while fewer workers are there than `policy` counts on.
Words serving(const std::string& workers, const std::string& policy, const Words& more) {
  return joined({"serve", "--json", "--workers", workers, "--model", "quadratic(dimension=50)",
                 "--policy", policy, "--step-size", "0.01", "--evaluate-every", "1", "--codec",
                 "top-k(share=0.2)", "--worker-momentum", "0.5"},
                more);
}

std::unique_ptr<Process> worker(const std::string& server, const Words& more = {}) {
  return std::make_unique<Process>(joined({"work", "--server", server}, more));
}

/// That the log of the run, replayed, gives the model that the run has saved.
void check_replay(const TemporaryFolder& folder) {
  const Ended again =
      syncline_run({"replay", "log", "--save-model", "again.safetensors", "--json"}, folder.path());
  CAPTURE(again.err);
  CHECK(again.exit == 0);
  const std::string model = read_text(folder.path() / "model.safetensors");
  CHECK_FALSE(model.empty());
  CHECK(read_text(folder.path() / "again.safetensors") == model);
}

TEST_CASE("workers killed, stopped, interrupted and new ones: the run ends, its log replays") {
  const TemporaryFolder folder;
  const std::string log = (folder.path() / "log").string();
  Process server(serving("6", "k-sync(k=4)",
                         {"--listen", "127.0.0.1:0", "--updates", "200", "--log", log,
                          "--save-model", (folder.path() / "model.safetensors").string()}));
  const std::string address = server.await("listening at ");
  Workers workers;
  for (int i = 0; i < 3; ++i) workers.push_back(worker(address));
  server.await(") is up", 3);

  // One dies in the first round, one in the second; each time another takes its place.
  workers[0]->signal(SIGKILL);
  server.await("its connection is gone");
  workers[0] = worker(address);
  server.await(") is up", 4);
  // One is stopped: its connection stands, but it is silent. It comes back when it goes on.
  workers[1]->signal(SIGSTOP);
  server.await("it was silent for three heartbeats");
  workers[1]->signal(SIGCONT);
  server.await(") is up", 5);
  // One is told to go, and goes.
  workers[2]->signal(SIGINT);
  CHECK(workers[2]->ended().exit == 130);
  server.await("its connection is gone", 2);
  workers[2] = worker(address);
  server.await(") is up", 6);

  // With the fourth the run moves. Whenever this one dies, the run must end all the same.
  workers.push_back(worker(address));
  server.await(") is up", 7);
  workers[3]->signal(SIGKILL);
  workers.push_back(worker(address));
  const Ended ended = server.ended();
  CAPTURE(ended.err);
  CHECK(ended.exit == 0);
  const auto document = nlohmann::json::parse(ended.out);
  CHECK(document["outcome"] == "finished");
  for (const int i : {0, 1, 2}) {
    const Ended work = workers[i]->ended();
    CHECK(work.exit == 0);
    CHECK(work.err.find("the run is over") != std::string::npos);
  }
  check_replay(folder);
}

TEST_CASE("a server that is killed and resumes from its checkpoint, the workers find it again") {
  const TemporaryFolder folder;
  const std::string checkpoint = (folder.path() / "checkpoint").string();
  const auto serve = [&](const std::string& address, const Words& more) {
    return std::make_unique<Process>(serving("2", "sync",
                                             joined({"--listen", address, "--updates", "1000000000",
                                                     "--log", (folder.path() / "log").string()},
                                                    more)));
  };
  auto server = serve("127.0.0.1:0", {"--checkpoint", checkpoint, "--checkpoint-every", "0.1",
                                      "--keep-checkpoints", "1000000"});
  const std::string address = server->await("listening at ");
  const auto one = worker(address), two = worker(address);
  server->await(") is up", 2);
  while (!std::filesystem::exists(checkpoint + "/00000001")) usleep(1000);
  server->signal(SIGKILL);
  CHECK(server->ended().signal == SIGKILL);
  one->await("the server is gone");
  two->await("the server is gone");

  server = serve(address, {"--resume", checkpoint});
  server->await(") is up", 2);
  server->signal(SIGINT);
  const Ended ended = server->ended();
  CAPTURE(ended.err);
  CHECK(ended.exit == 130);
  CHECK(nlohmann::json::parse(ended.out)["outcome"] == "interrupted");
  CHECK(one->ended().exit == 0);
  CHECK(two->ended().exit == 0);
}

TEST_CASE("parameters in two shards, a worker killed: the run ends, and its log replays whole") {
  const TemporaryFolder folder;
  const std::string log = (folder.path() / "log").string();
  Process one({"shard", "--listen", "127.0.0.1:0"}), two({"shard", "--listen", "127.0.0.1:0"});
  const std::string shards = one.await("listening at ") + "," + two.await("listening at ");
  Process server({"serve",
                  "--json",
                  "--workers",
                  "3",
                  "--model",
                  "quadratic(dimension=9000)",
                  "--policy",
                  "k-sync(k=3)",
                  "--step-size",
                  "0.01",
                  "--evaluate-every",
                  "1",
                  "--clip",
                  "0.5",
                  "--codec",
                  "top-k(share=0.2)",
                  "--listen",
                  "127.0.0.1:0",
                  "--shards-at",
                  shards,
                  "--updates",
                  "50",
                  "--log",
                  log,
                  "--save-model",
                  (folder.path() / "model.safetensors").string()});
  const std::string address = server.await("listening at ");
  Workers workers;
  for (int i = 0; i < 2; ++i) workers.push_back(worker(address));
  server.await(") is up", 2);
  workers[0]->signal(SIGKILL);
  server.await("its connection is gone");
  workers[0] = worker(address);
  workers.push_back(worker(address));
  const Ended ended = server.ended();
  CAPTURE(ended.err);
  CHECK(ended.exit == 0);
  check_replay(folder);
  one.await("waiting for the next");
  one.signal(SIGINT);
  CHECK(one.ended().exit == 130);
  two.signal(SIGKILL);
}

TEST_CASE("a shard that is killed ends the run with a message that names it") {
  Process one({"shard", "--listen", "127.0.0.1:0"}), two({"shard", "--listen", "127.0.0.1:0"});
  const std::string second = (one.await("listening at "), two.await("listening at "));
  Process server({"serve", "--json", "--workers", "1", "--model", "quadratic(dimension=9000)",
                  "--policy", "async", "--step-size", "0.01", "--listen", "127.0.0.1:0",
                  "--shards-at", one.await("listening at ") + "," + second, "--updates",
                  "1000000000"});
  const auto only = worker(server.await("listening at "));
  server.await(") is up");
  two.signal(SIGKILL);
  const Ended ended = server.ended();
  CAPTURE(ended.err);
  CHECK(ended.exit == 3);
  CHECK(ended.err.find("shard 1 at " + second) != std::string::npos);
  only->signal(SIGKILL);
  one.signal(SIGKILL);
}

TEST_CASE("a shard that is stopped ends the run with a message that names it, and can start anew") {
  const TemporaryFolder folder;
  const std::string checkpoint = (folder.path() / "checkpoint").string();
  const Words secret = {"--coordinator-token-file", folder.write("secret", "of-coordinators")};
  const auto shard = [&](const std::string& address) {
    return std::make_unique<Process>(joined({"shard", "--listen", address}, secret));
  };
  const auto one = shard("127.0.0.1:0");
  auto two = shard("127.0.0.1:0");
  const std::string first = one->await("listening at "), second = two->await("listening at ");
  const auto serve = [&](const std::string& address, const Words& more) {
    return std::make_unique<Process>(
        joined(joined({"serve", "--json", "--workers", "1", "--model", "quadratic(dimension=9000)",
                       "--policy", "async", "--step-size", "0.01", "--listen", address,
                       "--shards-at", first + "," + second, "--updates", "1000000000"},
                      secret),
               more));
  };
  auto server = serve("127.0.0.1:0", {"--checkpoint", checkpoint, "--checkpoint-every", "0.1",
                                      "--keep-checkpoints", "1000000"});
  const std::string address = server->await("listening at ");
  const auto only = worker(address);
  server->await(") is up");
  while (!std::filesystem::exists(checkpoint + "/00000002")) usleep(1000);
  // Its connections stand: nothing but its silence says that it is stopped.
  two->signal(SIGSTOP);
  const Ended ended = server->ended();
  CAPTURE(ended.err);
  CHECK(ended.exit == 3);
  CHECK(ended.err.find("shard 1 at " + second) != std::string::npos);
  CHECK(ended.err.find("--resume") != std::string::npos);

  two->signal(SIGKILL);
  CHECK(two->ended().signal == SIGKILL);
  two = shard(second);
  two->await("listening at ");
  server = serve(address, {"--resume", checkpoint});
  server->await(") is up");
  // Another that has no token of coordinators.
  Process stranger({"serve", "--workers", "1", "--model", "quadratic(dimension=9000)", "--policy",
                    "async", "--step-size", "0.01", "--listen", "127.0.0.1:0", "--shards-at",
                    first + "," + second, "--updates", "1"});
  CHECK(stranger.ended().exit == 3);
  CHECK(stranger.err().find("token of coordinators") != std::string::npos);
  server->signal(SIGINT);
  CHECK(server->ended().exit == 130);
  CHECK(only->ended().exit == 0);
  one->signal(SIGKILL);
  two->signal(SIGKILL);
}

TEST_CASE("strangers: without certificate, of another authority, expired, without token: refused") {
  const TemporaryFolder folder;
  const auto path = [&](const std::string& name) { return (folder.path() / name).string(); };
  make_certificates(path("expired"), {}, -1);
  std::filesystem::copy(path("expired"), path("ours"));
  make_certificates(path("ours"), {}, 2);
  make_certificates(path("theirs"), {}, 2);
  const std::string secret = "a-secret-of-this-job-7316";
  const Words token = {"--token-file", folder.write("token", secret + "\n")};
  const Words tls = {"--tls-folder", path("ours")};

  Process server(serving("2", "sync",
                         joined(joined({"--listen", "127.0.0.1:0", "--updates", "50", "--log",
                                        path("log"), "--save-model", path("model.safetensors")},
                                       tls),
                                token)));
  const std::string address = server.await("listening at ");
  const auto first = worker(address, joined(tls, token));
  server.await(") is up");

  for (const Words& shown :
       {Words{}, Words{"--tls-folder", path("theirs")}, Words{"--tls-folder", path("expired")}}) {
    Process stranger(joined(joined({"work", "--server", address, "--give-up", "1"}, shown), token));
    const Ended ended = stranger.ended();
    CAPTURE(ended.err);
    CHECK(ended.exit == 3);
    server.await("refused a TLS handshake: ");
    CHECK(ended.err.find("no connection to the server") != std::string::npos);
  }
  for (const Words& shown :
       {Words{}, Words{"--token-file", folder.write("wrong", "a-secret-of-this-job-7317")}}) {
    Process stranger(joined(joined({"work", "--server", address}, shown), tls));
    const Ended ended = stranger.ended();
    CAPTURE(ended.err);
    CHECK(ended.exit == 2);
    CHECK(ended.err.find("token") != std::string::npos);
  }
  server.await("refused 127.0.0.1:", 2);

  const auto second = worker(address, joined(tls, token));
  const Ended ended = server.ended();
  CAPTURE(ended.err);
  CHECK(ended.exit == 0);
  CHECK(first->ended().exit == 0);
  CHECK(second->ended().exit == 0);
  check_replay(folder);
  for (const std::string& text :
       {ended.out, ended.err, read_text(path("log")), first->err(), second->err()}) {
    CHECK(text.find(secret) == std::string::npos);
  }
}

TEST_CASE("serve, work and certs, wrong flags, end with status 2 or 3 before anything is done") {
  const TemporaryFolder folder;
  const auto exit_of = [&](const Words& words) { return syncline_run(words, folder.path()).exit; };
  const auto exit_of_serve = [&](const Words& more) {
    return exit_of(serving("2", "sync", joined({"--listen", "127.0.0.1:0"}, more)));
  };
  CHECK(exit_of(serving("2", "sync", {"--updates", "1"})) == 2);
  CHECK(exit_of(serving("2", "sync", {"--updates", "1", "--listen", "0.0.0.0:0"})) == 2);
  CHECK(exit_of_serve({}) == 2);  // nothing would end the run
  CHECK(exit_of_serve({"--updates", "1", "--fleet", "threads"}) == 2);
  CHECK(exit_of_serve({"--updates", "1", "--tls-folder", "missing"}) == 3);
  CHECK(exit_of_serve({"--updates", "1", "--token-file", "missing"}) == 3);
  CHECK(exit_of_serve({"--updates", "1", "--dry-run"}) == 0);
  CHECK(exit_of({"work"}) == 2);
  CHECK(exit_of({"work", "--server", "10.0.0.1:5000"}) == 2);
  CHECK(exit_of({"work", "--server", "127.0.0.1:1", "--give-up", "0.1"}) == 3);
  CHECK(exit_of({"work", "--server", "127.0.0.1:1", "--give-up", "-1"}) == 2);
  CHECK(exit_of({"certs"}) == 2);
  CHECK(exit_of({"certs", "new", "--days", "0"}) == 2);
  CHECK(exit_of({"certs", "new", "--host", "a b"}) == 2);
  CHECK(exit_of({"certs", "new", "--host", "a.example", "--host", "10.0.0.1"}) == 0);
  CHECK(std::filesystem::exists(folder.path() / "new" / "server.crt"));
}

}  // namespace
}  // namespace syncline
