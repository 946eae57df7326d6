#include "chaos/proxy_pipe.hpp"

namespace syncline {

using boost::system::error_code;
namespace asio = boost::asio;

void ProxyPipe::read(std::shared_ptr<void> owner) {
  if (reading_ || ended_ || waiting_ >= most_waiting) return;
  reading_ = true;
  from_.async_read_some(asio::buffer(buffer_),
                        [this, owner](const error_code& error, std::size_t count) {
                          reading_ = false;
                          if (error) return end(error != asio::error::eof, owner);
                          take(count, owner);
                          read(owner);
                        });
}

ProxyPipe::Clock::time_point ProxyPipe::due() const {
  return Clock::now() +
         std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(state_.delay));
}

void ProxyPipe::take(std::size_t count, const std::shared_ptr<void>& owner) {
  std::size_t done = 0;
  if (reader_) {
    StepWatch& watch = *link_.watch();
    for (const MessageMark& mark : reader_->read(std::span(buffer_).first(count))) {
      watch.count(way_, mark);
      if (!watch.is_wanted(way_, mark)) continue;
      queue(done, mark.at);
      done = mark.at;
      pieces_.push_back({due(), {}, false, watch.turn()});
    }
  }
  queue(done, count);
  waiting_ += count;
  pump(owner);
}

void ProxyPipe::queue(std::size_t from, std::size_t to) {
  if (from == to) return;
  const auto at = [&](std::size_t index) {
    return buffer_.begin() + static_cast<std::ptrdiff_t>(index);
  };
  pieces_.push_back({due(), {at(from), at(to)}, false, std::nullopt});
}

void ProxyPipe::let_go() {
  for (Piece& piece : pieces_) piece.due = std::max(piece.due, due());
}

void ProxyPipe::end(bool reset, const std::shared_ptr<void>& owner) {
  if (ended_) return;
  ended_ = true;
  Piece piece;
  piece.due = due();
  piece.reset = reset;
  pieces_.push_back(std::move(piece));
  pump(owner);
}

void ProxyPipe::damage(std::vector<std::uint8_t>& bytes) {
  if (state_.to_flip == 0 || bytes.empty()) return;
  // One in each piece: several damages in several messages, not in one.
  DrawStream draws(syncline::Stream::clients, {state_.key, 0, state_.to_flip});
  const std::uint64_t at = draws.below(bytes.size());
  bytes[at] = static_cast<std::uint8_t>(bytes[at] ^ (1U << draws.below(8)));
  --state_.to_flip;
  ++link_.counts().flipped;
}

void ProxyPipe::pass_on_end(const Piece& piece) {
  error_code ignored;
  if (piece.reset) {
    // Without waiting for what was sent: the other end learns of a reset as such.
    to_.set_option(asio::socket_base::linger(true, 0), ignored);
    to_.close(ignored);
  } else {
    to_.shutdown(asio::socket_base::shutdown_send, ignored);
  }
}

void ProxyPipe::pump(const std::shared_ptr<void>& owner) {
  const bool still = writing_ || broken_ || state_.held || state_.stopped;
  if (still || pieces_.empty()) return;
  Piece& front = pieces_.front();
  if (front.due > Clock::now()) {
    // Setting the time anew ends an earlier wait, whose handler then does nothing.
    timer_.expires_at(front.due);
    timer_.async_wait([this, owner](const error_code& error) {
      if (!error) pump(owner);
    });
    return;
  }
  if (front.step) {
    state_.stopped = link_.watch()->reached(*front.step, link_.number());
    pieces_.pop_front();
    return pump(owner);
  }
  if (front.bytes.empty()) {
    pass_on_end(front);
    pieces_.clear();
    return;
  }
  // Only now, so that a message that was held back at a step can be struck.
  damage(front.bytes);
  writing_ = true;
  asio::async_write(to_, asio::buffer(front.bytes),
                    [this, owner](const error_code& error, std::size_t count) {
                      writing_ = false;
                      link_.counts().bytes += count;
                      if (error) {
                        // Whoever reads from there learns of it, and tells it this way's sender
                        // when the other way is open.
                        error_code ignored;
                        broken_ = true;
                        to_.close(ignored);
                        return;
                      }
                      waiting_ -= count;
                      pieces_.pop_front();
                      pump(owner);
                      read(owner);
                    });
}

}  // namespace syncline
