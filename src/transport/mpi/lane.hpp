#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <mpi.h>

#include "transport/mpi/frame.hpp"
#include "transport/transport.hpp"

namespace syncline {

/// The frames to and from one other rank, each way in order. A frame is one small MPI message that
/// says what follows, and, where it is long, its bytes in pieces straight from and into place. Only
/// non-blocking calls, so a rank that is dead or stopped holds up nobody else. For one thread at a
/// time.
class Lane {
 public:
  /// `landing_for` is asked with the connection and the length of each message with a body.
  Lane(int rank, std::function<Landing(std::uint32_t, std::size_t)> landing_for)
      : rank_(rank), landing_for_(std::move(landing_for)) {}
  /// What is still on its way is quarantined.
  ~Lane() { quarantine(); }
  Lane(const Lane&) = delete;
  Lane& operator=(const Lane&) = delete;

  /// Finds the next frame of any rank that has begun to arrive; false if there is none.
  [[nodiscard]] static bool probe(MPI_Message& message, MPI_Status& status);

  void send(FrameKind kind, std::uint32_t connection, OutgoingMessage message);
  /// A frame of this rank that probe() has found.
  void begin_arrival(MPI_Message message, const MPI_Status& status);
  /// Takes note of what MPI has done; `deliver` gets the frames that are whole. Returns whether
  /// anything has come or gone.
  bool advance(const std::function<void(Frame&&)>& deliver);

  /// Something is on its way out, or waits behind what is.
  [[nodiscard]] bool sending() const { return !departures_.empty(); }
  /// Something has begun to arrive and is not whole.
  [[nodiscard]] bool receiving() const { return !arrivals_.empty(); }
  /// Bytes are on their way that need MPI calls at both ends to get on.
  [[nodiscard]] bool transferring() const { return sending() || receiving(); }

 private:
  struct Departure;
  struct Arrival;

  bool good(int status);
  /// The first message has come.
  void begin_rest(Arrival& arrival);
  /// Its length; 0 if there is no more to come.
  std::size_t begin_piece(Arrival& arrival);
  void quarantine();

  int rank_;
  std::function<Landing(std::uint32_t, std::size_t)> landing_for_;
  bool broken_ = false;  ///< MPI reports errors of this rank: nothing more goes or comes
  std::deque<std::shared_ptr<Departure>> departures_;
  std::deque<std::shared_ptr<Arrival>> arrivals_;
};

}  // namespace syncline
