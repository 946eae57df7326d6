// A program for several ranks, started by mpi_test.cpp: what transport.hpp promises, over MPI. Ends
// with 0 if it holds.

#include <cstdio>
#include <cstring>
#include <map>

#include "syncline/error.hpp"
#include "transport/mpi/mpi_job.hpp"
#include "transport/transport_support.hpp"

namespace syncline::testing {
namespace {

void check(bool holds, const char* what) {
  if (!holds) throw std::runtime_error(std::string("does not hold: ") + what);
}

struct Sent {
  std::size_t size, head;
};

/// Around every size at which something changes: inlined or not, eager or not, and 64 MB.
std::vector<Sent> messages() {
  std::vector<Sent> list;
  for (const std::size_t size :
       {0U, 1U, 2047U, 2048U, 2049U, 4071U, 4096U, 4097U, 65'536U, 65'537U, 3'000'001U}) {
    for (const std::size_t head : {std::size_t{0}, size / 2, std::size_t{2048}, size}) {
      list.push_back({size, std::min(head, size)});
    }
  }
  for (std::size_t i = 0; i < 2000; ++i) list.push_back({i % 97, i % 13});
  list.push_back({std::size_t{64} << 20U, 40});
  list.push_back({7, 3});
  return list;
}

/// The next one that is not only a sign of life.
template <class Transport>
IncomingMessage heard(Transport& transport) {
  for (;;) {
    IncomingMessage message = next(transport);
    if (message.kind != Kind::alive) return message;
  }
}

/// Every worker sends the same messages; the server sends each back.
void serve_echo(MpiJob& job) {
  const auto sent = messages();
  const auto server = job.server();
  std::map<Peer, std::size_t> got;
  int left = 0;
  auto before = std::chrono::steady_clock::time_point::min();
  while (left < job.ranks() - 1) {
    IncomingMessage message = heard(*server);
    check(message.time >= before, "times don't fall");
    before = message.time;
    if (message.kind == Kind::joined) {
      check(got.emplace(message.peer, 0).second, "no number is used twice");
      check(server->name(message.peer).starts_with("rank "), "the server knows its name");
      continue;
    }
    std::size_t& count = got.at(message.peer);
    if (message.kind == Kind::left) {
      check(count == sent.size(), "all has come before the end");
      ++left;
      continue;
    }
    const Sent& expected = sent[count];
    check(message.bytes == pattern(expected.size, count), "whole and in order, at the server");
    server->send(message.peer, outgoing(message.bytes, expected.head));
    ++count;
  }
  try {
    next(*server);
    check(false, "the server hears that nobody is left");
  } catch (const TransportError&) {
  }
}

void work_echo(MpiJob& job) {
  const auto sent = messages();
  const auto worker = job.worker();
  check(next(*worker).kind == Kind::joined, "a worker joins first");
  // Only bodies land: of these two lengths, one of three bodies and the one that there is.
  const std::map<std::size_t, std::size_t> bodies = {{3'000'001, 1'500'001},
                                                     {std::size_t{64} << 20U, (64U << 20U) - 40}};
  worker->land_at([&](Peer, std::size_t length) {
    const auto body = bodies.find(length);
    return body == bodies.end() ? Landing() : landing_of(body->second);
  });
  std::size_t landed = 0;
  for (std::size_t i = 0; i < sent.size(); ++i) {
    worker->send(outgoing(pattern(sent[i].size, i), sent[i].head));
  }
  for (std::size_t i = 0; i < sent.size(); ++i) {
    const IncomingMessage message = next(*worker);
    check(whole(message) == pattern(sent[i].size, i), "whole and in order, at the worker");
    landed += message.landing.bytes.empty() ? 0 : 1;
  }
  check(landed == 2, "bodies land where they are wanted");
  const auto deadline = soon();
  while (const auto more = worker->receive(deadline)) {
    check(more->kind == Kind::alive, "nothing more comes");
  }
  check(std::chrono::steady_clock::now() >= deadline, "that is known at the deadline");
}

/// The server closes every connection after its first message; the rank comes back as another.
void serve_twice(MpiJob& job) {
  const auto server = job.server();
  std::map<Peer, std::byte> said;
  for (int left = 0; left < job.ranks() - 1;) {
    const IncomingMessage message = heard(*server);
    if (message.kind == Kind::left) ++left;
    if (message.kind == Kind::joined) said[message.peer] = std::byte{0};
    if (message.kind != Kind::message) continue;
    std::byte& last = said.at(message.peer);
    check(last == std::byte{0}, "nothing comes of a connection that is closed");
    last = message.bytes.at(0);
    server->send(message.peer, {Bytes{last}});
    if (last == std::byte{1}) server->close(message.peer);
    server->send(message.peer, {Bytes{std::byte{9}}});
  }
  std::map<std::byte, int> count;
  for (const auto& [peer, byte] : said) ++count[byte];
  check(count[std::byte{1}] == job.ranks() - 1 && count[std::byte{2}] == job.ranks() - 1,
        "every rank had two connections");
}

void work_twice(MpiJob& job) {
  const auto worker = job.worker();
  check(next(*worker).kind == Kind::joined, "a worker joins first");
  worker->send({Bytes{std::byte{1}}});
  check(next(*worker).bytes == Bytes{std::byte{1}}, "what was queued before a close arrives");
  for (;;) {
    // What nobody will hear.
    worker->send({Bytes(30'000, std::byte{7})});
    const auto news = worker->receive(soon());
    if (!news) continue;
    check(news->kind == Kind::left, "nothing is sent after a close");
    break;
  }
  worker->send({Bytes{std::byte{8}}});
  check(next(*worker).kind == Kind::joined, "a worker joins again");
  worker->send({Bytes{std::byte{2}}});
  check(next(*worker).bytes == Bytes{std::byte{2}}, "the second connection works");
  check(next(*worker).bytes == Bytes{std::byte{9}}, "and goes on");
}

}  // namespace
}  // namespace syncline::testing

int main(int, char** words) {
  using namespace syncline::testing;
  syncline::MpiJob job;
  const bool echo = std::strcmp(words[1], "echo") == 0;
  int status = 0;
  try {
    if (job.rank() == 0) {
      echo ? serve_echo(job) : serve_twice(job);
    } else {
      echo ? work_echo(job) : work_twice(job);
    }
  } catch (const std::exception& error) {
    std::fprintf(stderr, "rank %d: %s\n", job.rank(), error.what());
    status = 1;
  }
  job.end(status);
  return status;
}
