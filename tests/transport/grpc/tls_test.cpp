// Mutual TLS: who has no certificate of the job's authority is not let in, on either side.

#include <set>
#include <sys/stat.h>

#include <doctest/doctest.h>

#include "support/temporary_folder.hpp"
#include "syncline/error.hpp"
#include "transport/certificates.hpp"
#include "transport/grpc/grpc_transport.hpp"
#include "transport/transport_error.hpp"
#include "transport/transport_support.hpp"

namespace syncline {
namespace {

using testing::Kind;
using testing::next;
using testing::outgoing;
using testing::patience;
using testing::pattern;
using testing::TemporaryFolder;

GrpcSettings with(const TlsFiles& files) {
  GrpcSettings settings;
  settings.tls = files;
  settings.give_up = std::chrono::seconds(120);
  return settings;
}

/// That the worker is never let in: it tries for a while, and the server hears of it only that
/// somebody was refused, and why: all the reasons are returned, since an attempt that is given up
/// is broken off. Where it is the worker that refuses the server, that may not hear of it.
std::set<std::string> shut_out(const GrpcServerEnd& server, GrpcSettings settings,
                               bool by_server = true) {
  settings.give_up = std::chrono::milliseconds(500);
  const auto worker = grpc_connect(server.address, settings);
  CHECK_THROWS_AS(static_cast<void>(worker->receive(patience())), TransportError);
  std::set<std::string> reasons;
  auto deadline = by_server ? patience() : std::chrono::steady_clock::now();
  while (const auto news = server.transport->receive(deadline)) {
    CHECK(news->kind == Kind::refused);
    CHECK(news->fault.kind == "TLS handshake");
    reasons.insert(news->fault.text);
    deadline = std::chrono::steady_clock::now();
  }
  return reasons;
}

TEST_CASE("server and worker with certificates of one authority talk to each other") {
  const TemporaryFolder folder;
  make_certificates(folder.path(), {}, 1);
  const auto server = grpc_listen("127.0.0.1:0", with(server_files(folder.path())));
  const auto worker = grpc_connect(server.address, with(worker_files(folder.path())));
  next(*worker, Kind::joined);
  next(*server.transport, Kind::joined);
  worker->send(outgoing(pattern(3'000'000, 1), 5));
  CHECK(next(*server.transport, Kind::message).bytes == pattern(3'000'000, 1));
}

TEST_CASE("renewed certificates are of the same authority") {
  const TemporaryFolder folder;
  make_certificates(folder.path(), {}, -1);
  const auto early = grpc_listen("127.0.0.1:0", with(server_files(folder.path())));
  shut_out(early, with(worker_files(folder.path())));
  make_certificates(folder.path(), {}, 1);
  const auto server = grpc_listen("127.0.0.1:0", with(server_files(folder.path())));
  const auto worker = grpc_connect(server.address, with(worker_files(folder.path())));
  CHECK(next(*worker).kind == Kind::joined);
}

TEST_CASE(
    "no certificate, one of another authority, an expired one, or one of a server, stay out") {
  const TemporaryFolder ours, theirs;
  make_certificates(ours.path(), {}, -1);
  std::filesystem::copy(ours / "worker.crt", ours / "expired.crt");
  std::filesystem::copy(ours / "worker.key", ours / "expired.key");
  make_certificates(ours.path(), {}, 1);
  make_certificates(theirs.path(), {}, 1);
  const auto server = grpc_listen("127.0.0.1:0", with(server_files(ours.path())));
  const auto refused = [&](const GrpcSettings& settings, const std::string& reason) {
    const auto reasons = shut_out(server, settings);
    REQUIRE_FALSE(reasons.empty());
    CAPTURE(*reasons.begin());
    CHECK(reasons.contains(reason));
  };
  const std::string broken_off = "a TLS handshake: the other end broke it off";
  const std::string unknown = "a TLS handshake: certificate verify failed";
  refused({}, "a TLS handshake: wrong version number");
  refused(with(worker_files(theirs.path())), broken_off);
  // It trusts the server, but has a certificate that the server does not know.
  refused(with({ours / "ca.crt", theirs / "worker.crt", theirs / "worker.key"}), unknown);
  refused(with({ours / "ca.crt", ours / "expired.crt", ours / "expired.key"}), unknown);
  refused(with(server_files(ours.path())), unknown);
  const auto worker = grpc_connect(server.address, with(worker_files(ours.path())));
  CHECK(next(*worker).kind == Kind::joined);
}

TEST_CASE("a worker's certificate, used by a server, or one of other hosts, no worker trusts") {
  const TemporaryFolder folder;
  make_certificates(folder.path(), {}, 1);
  const auto pretender = grpc_listen("127.0.0.1:0", with(worker_files(folder.path())));
  shut_out(pretender, with(worker_files(folder.path())), false);
  const auto server = grpc_listen("127.0.0.2:0", with(server_files(folder.path())));
  shut_out(server, with(worker_files(folder.path())), false);
  make_certificates(folder.path(), {"127.0.0.2", "server.example"}, 1);
  const auto named = grpc_listen("127.0.0.2:0", with(server_files(folder.path())));
  const auto worker = grpc_connect(named.address, with(worker_files(folder.path())));
  CHECK(next(*worker).kind == Kind::joined);
}

TEST_CASE("files that can't be used are found out before anybody connects") {
  const TemporaryFolder folder, other;
  make_certificates(folder.path(), {}, 1);
  make_certificates(other.path(), {}, -1);
  const TlsFiles good = worker_files(folder.path());
  check_tls_files(good);
  check_tls_files(server_files(folder.path()));
  const auto refused = [](const TlsFiles& files, const std::string& why) {
    CHECK_THROWS_WITH_AS(check_tls_files(files), doctest::Contains(why.c_str()), DataError);
  };
  refused({good.authority, good.certificate, folder / "server.key"}, "is not that of");
  refused({good.authority, good.key, good.key}, "holds no certificate");
  refused({good.authority, good.certificate, good.certificate},
          "holds no private key that needs no password");
  refused({folder / "nothing", good.certificate, good.key}, "No such file");
  check_tls_files(worker_files(other.path()));
  CHECK(out_of_date(worker_files(other.path())).find("has expired") != std::string::npos);
  CHECK(out_of_date(good).empty());
}

TEST_CASE("certificates: keys are for their owner alone, odd hosts and lost files are refused") {
  const TemporaryFolder folder;
  make_certificates(folder / "new", {"host-1.example", "10.0.0.1", "2001:db8::1"}, 1);
  for (const char* key : {"ca.key", "server.key", "worker.key"}) {
    struct stat status = {};
    REQUIRE(stat((folder / "new" / key).c_str(), &status) == 0);
    CHECK((status.st_mode & 0777U) == 0600);
  }
  for (const char* host : {"", "a b", "host:5000", "x,IP:1.2.3.4"}) {
    CAPTURE(host);
    CHECK_THROWS_AS(make_certificates(folder / "odd", {host}, 1), ConfigError);
    CHECK_FALSE(std::filesystem::exists(folder / "odd"));
  }
  std::filesystem::remove(folder / "new" / "ca.crt");
  CHECK_THROWS_AS(make_certificates(folder / "new", {}, 1), DataError);
  CHECK_THROWS_AS(
      static_cast<void>(grpc_connect("127.0.0.1:1", with(worker_files(folder / "new")))),
      DataError);
}

}  // namespace
}  // namespace syncline
