#include "cli/run_top.hpp"

#include <functional>
#include <memory>

#include "cli/console.hpp"
#include "cli/interrupt.hpp"
#include "cli/screen.hpp"
#include "metrics/fetch_metrics.hpp"
#include "metrics/metrics_reader.hpp"
#include "top/log_watch.hpp"

namespace syncline {
namespace {

/// A run as it stands, and what is to be said of the view itself.
struct Look {
  RunPicture picture;
  std::string remark;
};

using Looker = std::function<Look()>;

/// A real fleet's run whose log has not grown for so long, in seconds, may be dead.
constexpr double long_silence = 5;

Looker log_looker(const std::string& path, bool follows) {
  return [watch = std::make_shared<LogWatch>(path), follows]() -> Look {
    Look look{watch->look(), ""};
    if (!watch->shortcoming().empty()) {
      look.remark = "who is parked is not known: " + watch->shortcoming();
    }
    if (!look.picture.outcome.empty() || look.picture.fleet == "virtual") return look;
    const double silence = watch->silence();
    if (silence > long_silence) {
      look.remark =
          "the log has not grown for " + std::to_string(static_cast<long>(silence)) + " s";
    }
    // Time passes where nothing happens, too.
    if (follows) look.picture.time += silence;
    return look;
  };
}

/// A run that does not answer is shown as it was: it may be over, or come again.
Looker metrics_looker(const std::string& address) {
  return [address, last = std::make_shared<Look>()]() -> Look {
    try {
      *last = {read_metrics(fetch_metrics(address)), ""};
    } catch (const DataError& error) {
      if (last->picture.policy.empty()) throw;
      last->remark = error.what();
    }
    return *last;
  };
}

std::vector<std::string> lines_of(const Look& look, const std::string& order, ViewSize size,
                                  bool colour) {
  RunFrame frame = make_frame(look.picture, order);
  if (!look.remark.empty()) frame.header.push_back("(" + look.remark + ")");
  return render(frame, size, colour);
}

void print_lines(const Look& look, const std::string& order) {
  std::string text;
  for (const std::string& line : lines_of(look, order, {}, stdout_has_colour()))
    text += line + "\n";
  print(text);
}

std::string next_order(const std::string& order) {
  const auto& orders = frame_orders();
  for (std::size_t i = 0; i < orders.size(); ++i) {
    if (orders[i] == order) return orders[(i + 1) % orders.size()];
  }
  return orders.front();
}

ExitCode follow(const Looker& looker, const TopFlags& flags) {
  const auto& interrupted = watch_interrupts();
  std::string order = flags.order;
  Look look = looker();
  if (look.picture.outcome.empty()) {
    TerminalPage screen;
    do {
      screen.show(lines_of(look, order, screen.size(), stdout_has_colour()));
      const auto key = screen.key(flags.every);
      if (interrupted) return ExitCode::interrupted;
      if (key == 'q') return ExitCode::done;
      if (key == 's') order = next_order(order);
      look = looker();
    } while (look.picture.outcome.empty());
  }
  // A run that is over leaves its last view on the terminal.
  print_lines(look, order);
  return ExitCode::done;
}

}  // namespace

const std::vector<std::string>& top_orders() { return frame_orders(); }

ExitCode run_top(const TopFlags& flags) {
  if (flags.log.empty() == flags.metrics.empty()) {
    throw ConfigError("top needs either the event log of a run or --metrics HOST:PORT");
  }
  if (!(flags.every >= 0.1 && flags.every <= 3600)) {
    throw ConfigError("--every must be from 0.1 to 3600 seconds");
  }
  static_cast<void>(make_frame({}, flags.order));  // refuses an unknown order
  const bool follows = !flags.once && stdout_is_terminal();
  const Looker looker =
      flags.metrics.empty() ? log_looker(flags.log, follows) : metrics_looker(flags.metrics);
  if (follows) return follow(looker, flags);
  print_lines(looker(), flags.order);
  return ExitCode::done;
}

}  // namespace syncline
