#include "transport/mpi/lane.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <sys/mman.h>

namespace syncline {
namespace {

constexpr int first_tag = 1;
constexpr int rest_tag = 2;
/// Bytes that travel with the first message: with its preamble less than any eager limit of Open
/// MPI, so that small frames need no answer from the other end.
constexpr std::size_t inline_limit = 2048;
/// Of one MPI message, which counts bytes by int. Much less, so that the thread is never long at
/// one piece: the others must hear that this process is alive.
constexpr std::size_t piece_limit = std::size_t{8} << 20;
/// Of a piece that is asked for again at once: within a machine it comes with the very call that
/// says where it is wanted. After longer ones the other ranks have their turn.
constexpr std::size_t prompt_limit = std::size_t{1} << 20;

struct Preamble {
  FrameKind kind;
  std::uint32_t connection;
  std::uint64_t head, body;
};

/// The length of the next piece of what does not travel with the first message: `offset` is in head
/// and body laid one after the other, and no piece has parts of both.
std::size_t piece_length(std::size_t offset, std::size_t head, std::size_t whole) {
  return std::min(piece_limit, (offset < head ? head : whole) - offset);
}

/// Reserves memory for so many bytes. Large blocks are fresh each time: taken in pages of 4 KB they
/// would cost more than the transfer itself.
void make_room(std::vector<std::byte>& bytes, std::size_t size) {
  constexpr std::size_t large = std::size_t{8} << 20;
  constexpr std::uintptr_t page = 4096;
  bytes.reserve(size);
  if (size < large) return;
  const auto begin = (reinterpret_cast<std::uintptr_t>(bytes.data()) + page - 1) / page * page;
  madvise(reinterpret_cast<void*>(begin), size - page, MADV_HUGEPAGE);  // a wish: may fail
}

/// What MPI may still read or write when its rank is gone: MPI reports no death, and does not let
/// go of a buffer before the transfer has ended. So these are kept for as long as the process
/// lives, by a list that is never destroyed.
std::vector<std::shared_ptr<void>>& quarantined() {
  static auto& list = *new std::vector<std::shared_ptr<void>>();
  return list;
}

}  // namespace

struct Lane::Departure {
  std::vector<std::byte> first;
  OutgoingMessage message;
  std::vector<MPI_Request> requests;
  std::vector<int> done;  ///< which of them
};

struct Lane::Arrival {
  std::vector<std::byte> first;
  bool first_done = false;
  Preamble preamble;
  std::vector<std::byte> bytes;
  Landing landing;                         ///< of the body, if it is wanted elsewhere
  std::size_t landed = 0;                  ///< bytes of that
  MPI_Request request = MPI_REQUEST_NULL;  ///< of the first message, then of each piece
};

bool Lane::probe(MPI_Message& message, MPI_Status& status) {
  int found = 0;
  if (MPI_Improbe(MPI_ANY_SOURCE, first_tag, MPI_COMM_WORLD, &found, &message, &status) !=
      MPI_SUCCESS) {
    return false;
  }
  return found != 0;
}

bool Lane::good(int status) {
  if (status == MPI_SUCCESS) return true;
  broken_ = true;
  return false;
}

void Lane::send(FrameKind kind, std::uint32_t connection, OutgoingMessage message) {
  if (broken_) return;
  auto departure = std::make_shared<Departure>();
  departure->message = std::move(message);
  const auto& head = departure->message.head;
  const auto body = departure->message.body;
  const Preamble preamble{kind, connection, head.size(), body.size()};
  auto& first = departure->first;
  const std::size_t whole = head.size() + body.size();
  const std::size_t inlined =
      whole <= inline_limit ? whole : (head.size() <= inline_limit ? head.size() : 0);
  first.resize(sizeof preamble + inlined);
  std::memcpy(first.data(), &preamble, sizeof preamble);
  const auto place = first.begin() + sizeof preamble;
  if (inlined > 0) std::copy(head.begin(), head.end(), place);
  if (inlined == whole) {
    std::copy(body.begin(), body.end(), place + static_cast<std::ptrdiff_t>(head.size()));
  }
  const auto start = [&](const std::byte* bytes, std::size_t length, int tag) {
    if (broken_) return;
    MPI_Request request = MPI_REQUEST_NULL;
    if (good(MPI_Isend(bytes, static_cast<int>(length), MPI_BYTE, rank_, tag, MPI_COMM_WORLD,
                       &request))) {
      departure->requests.push_back(request);
    }
  };
  start(first.data(), first.size(), first_tag);
  for (std::size_t offset = inlined, length = 0; offset < whole; offset += length) {
    length = piece_length(offset, head.size(), whole);
    const std::byte* bytes =
        offset < head.size() ? head.data() + offset : body.data() + (offset - head.size());
    start(bytes, length, rest_tag);
  }
  departures_.push_back(std::move(departure));
}

void Lane::begin_arrival(MPI_Message message, const MPI_Status& status) {
  int length = 0;
  MPI_Get_count(&status, MPI_BYTE, &length);
  auto arrival = std::make_shared<Arrival>();
  arrival->first.resize(static_cast<std::size_t>(length));
  if (!good(MPI_Imrecv(arrival->first.data(), length, MPI_BYTE, &message, &arrival->request))) {
    return;
  }
  arrivals_.push_back(std::move(arrival));
}

void Lane::begin_rest(Arrival& arrival) {
  arrival.first_done = true;
  Preamble& preamble = arrival.preamble;
  std::memcpy(&preamble, arrival.first.data(), sizeof preamble);
  const std::size_t whole = preamble.head + preamble.body;
  if (preamble.kind == FrameKind::message && preamble.body > 0 && whole > inline_limit) {
    arrival.landing = landing_for_(preamble.connection, whole);
    if (arrival.landing.bytes.size() != preamble.body) arrival.landing = {};
  }
  make_room(arrival.bytes, whole - arrival.landing.bytes.size());
  arrival.bytes.insert(arrival.bytes.end(), arrival.first.begin() + sizeof preamble,
                       arrival.first.end());
}

std::size_t Lane::begin_piece(Arrival& arrival) {
  const Preamble& preamble = arrival.preamble;
  const std::size_t offset = arrival.bytes.size() + arrival.landed;
  const std::size_t whole = preamble.head + preamble.body;
  if (offset == whole) return 0;
  // One after the other, as the frames of the rank are: so its pieces meet their places in order,
  // and the memory that has just been cleared is still near when the bytes come.
  const std::size_t length = piece_length(offset, preamble.head, whole);
  std::byte* place = nullptr;
  if (offset >= preamble.head && !arrival.landing.bytes.empty()) {
    place = arrival.landing.bytes.data() + arrival.landed;
    arrival.landed += length;
  } else {
    arrival.bytes.resize(offset + length);
    place = arrival.bytes.data() + offset;
  }
  const int status = MPI_Irecv(place, static_cast<int>(length), MPI_BYTE, rank_, rest_tag,
                               MPI_COMM_WORLD, &arrival.request);
  return good(status) ? length : 0;
}

bool Lane::advance(const std::function<void(Frame&&)>& deliver) {
  bool moved = false;
  int done = 0;
  while (!broken_ && !departures_.empty()) {
    Departure& departure = *departures_.front();
    auto& requests = departure.requests;
    departure.done.resize(requests.size());
    // Those that are done become null. Each of them counts: where both ends must see to a transfer
    // piece by piece, neither may fall asleep over a long message.
    if (!good(MPI_Testsome(static_cast<int>(requests.size()), requests.data(), &done,
                           departure.done.data(), MPI_STATUSES_IGNORE))) {
      break;
    }
    if (done <= 0) break;
    moved = true;
    if (std::any_of(requests.begin(), requests.end(),
                    [](MPI_Request request) { return request != MPI_REQUEST_NULL; })) {
      break;
    }
    departures_.pop_front();
  }
  while (!broken_ && !arrivals_.empty()) {
    Arrival& arrival = *arrivals_.front();
    if (!good(MPI_Test(&arrival.request, &done, MPI_STATUS_IGNORE)) || done == 0) break;
    moved = true;
    if (!arrival.first_done) begin_rest(arrival);
    const std::size_t begun = begin_piece(arrival);
    if (broken_ || begun > prompt_limit) break;
    if (begun > 0) continue;
    deliver({arrival.preamble.kind, rank_, arrival.preamble.connection,
             std::chrono::steady_clock::now(), std::move(arrival.bytes),
             std::move(arrival.landing)});
    arrivals_.pop_front();
  }
  if (broken_) quarantine();
  return moved;
}

void Lane::quarantine() {
  for (auto& departure : departures_) quarantined().push_back(std::move(departure));
  for (auto& arrival : arrivals_) quarantined().push_back(std::move(arrival));
  departures_.clear();
  arrivals_.clear();
}

}  // namespace syncline
