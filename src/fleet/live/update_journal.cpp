#include "fleet/live/update_journal.hpp"

#include <algorithm>
#include <cmath>

#include "base/message_bytes.hpp"
#include "checkpoint/checkpoint_folder.hpp"
#include "checkpoint/stored_checkpoint.hpp"
#include "syncline/error.hpp"

namespace syncline {
namespace {

enum class Tag : std::uint8_t { follows, event, arrival, news, abandoned };

template <class Real>
void write_vector(MessageWriter& out, std::span<const Real> values) {
  out.number(static_cast<std::uint64_t>(values.size())).bytes(std::as_bytes(values));
}

template <class Real>
std::vector<Real> read_vector(MessageReader& in) {
  const auto size = in.number<std::uint64_t>();
  if (size > in.rest().size() / sizeof(Real)) throw MalformedMessage("a vector is cut short");
  std::vector<Real> values(size);
  const auto bytes = in.take(size * sizeof(Real));
  if (!bytes.empty()) std::memcpy(values.data(), bytes.data(), bytes.size());
  return values;
}

template <class Real>
void write_payload(MessageWriter& out, const Payload<Real>& payload) {
  const JobOutcome<Real>& outcome = payload.outcome;
  out.number(outcome.steps).number(outcome.loss);
  write_vector<Real>(out, payload.values);
  out.number(static_cast<std::uint8_t>(outcome.memory.velocity != nullptr));
  if (outcome.memory.velocity) write_vector<Real>(out, *outcome.memory.velocity);
  const auto& unsent = outcome.memory.unsent;
  out.number(static_cast<std::uint32_t>(unsent ? unsent->size() : 0));
  if (unsent) {
    for (const auto& vector : *unsent) write_vector<Real>(out, vector);
  }
}

void check_length(const char* what, std::size_t length, std::size_t wanted) {
  if (length == wanted) return;
  throw MalformedMessage(std::string(what) + " has " + std::to_string(length) + " numbers, not " +
                         std::to_string(wanted) + ": it is of another model");
}

template <class Real>
Payload<Real> read_payload(MessageReader& in, const PayloadShape& shape) {
  Payload<Real> payload;
  payload.outcome.steps = in.number<std::uint32_t>();
  payload.outcome.loss = in.number<double>();
  payload.values = read_vector<Real>(in);
  check_length("a payload", payload.values.size(), shape.payload_length());
  if (in.number<std::uint8_t>() != 0) {
    auto velocity = std::make_shared<std::vector<Real>>(read_vector<Real>(in));
    check_length("a momentum", velocity->size(), shape.dimension);
    payload.outcome.memory.velocity = std::move(velocity);
  }
  const auto vectors = in.number<std::uint32_t>();
  if (vectors != 0 && vectors != shape.vectors) {
    throw MalformedMessage("what was not sent is of " + std::to_string(vectors) +
                           " vectors, not of " + std::to_string(shape.vectors) +
                           ": it is of another run");
  }
  std::vector<std::vector<Real>> unsent;
  for (std::uint32_t i = 0; i < vectors; ++i) {
    const auto& vector = unsent.emplace_back(read_vector<Real>(in));
    // Empty: of a codec that sends all, or has not sent anything yet.
    if (!vector.empty()) check_length("what was not sent", vector.size(), shape.dimension);
  }
  if (vectors > 0) {
    payload.outcome.memory.unsent =
        std::make_shared<const std::vector<std::vector<Real>>>(std::move(unsent));
  }
  return payload;
}

FleetEvent read_event(MessageReader& in) {
  const auto kind = in.number<std::uint8_t>();
  if (kind > static_cast<std::uint8_t>(FleetEvent::Kind::up)) {
    throw MalformedMessage("an event is of no kind that there is");
  }
  FleetEvent event;
  event.kind = static_cast<FleetEvent::Kind>(kind);
  event.time = in.number<double>();
  event.index = in.number<std::uint32_t>();
  event.steps = in.number<std::uint32_t>();
  event.stopped = in.number<std::uint8_t>() != 0;
  if (!std::isfinite(event.time) || event.time < 0) {
    throw MalformedMessage("an event has no time");
  }
  return event;
}

std::filesystem::path journal_of(const std::filesystem::path& checkpoint) {
  return checkpoint / checkpoint_updates_file;
}

/// What `read` makes of a record of the checkpoint's journal. No crash leaves one that makes no
/// sense, since those that are not whole are left out: so the user decides what it is worth.
template <class Read>
auto of_journal(const std::filesystem::path& checkpoint, Read&& read) {
  try {
    return read();
  } catch (const MalformedMessage& error) {
    throw DataError("the updates in '" + journal_of(checkpoint).string() + "' can't be repeated: " +
                    error.what() + "; remove this file to go on without them");
  }
}

}  // namespace

template <class Real>
JournalWriter<Real>::JournalWriter(const std::filesystem::path& checkpoint,
                                   const std::string& follows, std::uint64_t version,
                                   std::uint64_t most_lost)
    : file_(journal_of(checkpoint)), synced_(version), most_lost_(most_lost) {
  MessageWriter out;
  file_.append(out.number(static_cast<std::uint8_t>(Tag::follows)).text(follows).take());
  file_.sync();
}

template <class Real>
void JournalWriter<Real>::write(const FleetEvent& event, const Payload<Real>* payload) {
  MessageWriter out;
  out.number(static_cast<std::uint8_t>(payload ? Tag::arrival : Tag::event))
      .number(static_cast<std::uint8_t>(event.kind))
      .number(event.time)
      .number(event.index)
      .number(event.steps)
      .number(static_cast<std::uint8_t>(event.stopped));
  if (payload) write_payload(out, *payload);
  file_.append(out.take());
}

template <class Real>
void JournalWriter<Real>::write(const FleetNews& news) {
  MessageWriter out;
  file_.append(out.number(static_cast<std::uint8_t>(Tag::news)).text(news.text).take());
}

template <class Real>
void JournalWriter<Real>::write(const Abandoned& job) {
  MessageWriter out;
  file_.append(out.number(static_cast<std::uint8_t>(Tag::abandoned))
                   .number(job.time)
                   .number(job.worker)
                   .number(job.job)
                   .number(job.pieces_done)
                   .number(job.pieces)
                   .take());
}

template <class Real>
void JournalWriter<Real>::reached(std::uint64_t version) {
  if (version == synced_ || version - synced_ < most_lost_) return;
  file_.sync();
  synced_ = version;
}

template <class Real>
JournalReader<Real>::JournalReader(const std::filesystem::path& checkpoint,
                                   const PayloadShape& shape)
    : checkpoint_(checkpoint), shape_(shape) {
  if (!std::filesystem::exists(journal_of(checkpoint_))) return;
  file_ = std::make_unique<RecordReader>(journal_of(checkpoint_));
  static_cast<void>(file_->next());  // what came before this checkpoint does not matter here
}

template <class Real>
bool JournalReader<Real>::open_follower() {
  auto all = checkpoints_in(checkpoint_.parent_path());
  std::reverse(all.begin(), all.end());
  for (const auto& checkpoint : all) {
    if (checkpoint.filename() <= checkpoint_.filename() ||
        !std::filesystem::exists(journal_of(checkpoint))) {
      continue;
    }
    auto file = std::make_unique<RecordReader>(journal_of(checkpoint));
    const auto first = file->next();
    if (!first) continue;
    const bool follows = of_journal(checkpoint, [&] {
      MessageReader in(*first);
      return in.number<std::uint8_t>() == static_cast<std::uint8_t>(Tag::follows) &&
             in.text() == checkpoint_.filename();
    });
    if (!follows) continue;
    checkpoint_ = checkpoint;
    file_ = std::move(file);
    return true;
  }
  return false;
}

template <class Real>
std::optional<JournalEntry<Real>> JournalReader<Real>::next() {
  while (file_) {
    const auto record = file_->next();
    if (record) return of_journal(checkpoint_, [&] { return decode(*record); });
    if (!open_follower()) file_.reset();
  }
  return std::nullopt;
}

template <class Real>
JournalEntry<Real> JournalReader<Real>::decode(std::span<const std::byte> record) const {
  MessageReader in(record);
  const auto tag = static_cast<Tag>(in.number<std::uint8_t>());
  if (tag == Tag::news) {
    FleetNews news = {in.text()};
    in.end();
    return news;
  }
  if (tag == Tag::abandoned) {
    Abandoned job;
    job.time = in.number<double>();
    job.worker = in.number<WorkerId>();
    job.job = in.number<std::uint64_t>();
    job.pieces_done = in.number<std::uint64_t>();
    job.pieces = in.number<std::uint64_t>();
    in.end();
    return job;
  }
  if (tag != Tag::event && tag != Tag::arrival) {
    throw MalformedMessage("a record is of no kind that there is");
  }
  FleetInput<Real> input;
  input.event = read_event(in);
  if ((input.event.kind == FleetEvent::Kind::arrival) != (tag == Tag::arrival)) {
    throw MalformedMessage("an arrival has no payload, or something else has one");
  }
  if (tag == Tag::arrival) input.payload = read_payload<Real>(in, shape_);
  in.end();
  return input;
}

template class JournalWriter<float>;
template class JournalWriter<double>;
template class JournalReader<float>;
template class JournalReader<double>;

}  // namespace syncline
