#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "fleet/live/gated_port.hpp"
#include "fleet/live/live_payloads.hpp"
#include "fleet/live/update_journal.hpp"
#include "fleet/live/wait_watch.hpp"
#include "fleet/live/worker_port.hpp"
#include "fleet/training/run_fleet.hpp"
#include "syncline/error.hpp"

namespace syncline {

/// The host against the clock of its workers, the wall's as a rule: time is seconds since the
/// beginning of the run (of a resumed one, since that of the first part, the pause left out).
/// Messages of jobs that the policy has given up in the meantime never reach it; late results among
/// them are counted.
template <class Real>
class LiveFleet final : public RunFleet<Real>, private FleetClock {
 public:
  /// `port` and `payloads` must belong together.
  LiveFleet(Host host, std::unique_ptr<GatedPort<Real>> port,
            std::unique_ptr<LivePayloads<Real>> payloads, std::vector<WorkerId> absent = {});

  [[nodiscard]] Host& host() override { return host_; }
  [[nodiscard]] JobPayloads<Real>& payloads() override { return *payloads_; }
  [[nodiscard]] double now() const override { return now_; }
  void begin() override;
  void ready() override;
  double next_time(double deadline) override;
  void advance() override;
  void deliver(double value) override {
    host_.measured(now_, value, *this);
    settle();
  }
  [[nodiscard]] bool tells_events() const override { return true; }
  void on_event(std::function<void(const FleetEvent&)> callback) override {
    on_event_ = std::move(callback);
  }
  void on_news(std::function<void(const std::string&)> callback) override;
  void on_abandoned(std::function<void(const Abandoned&)> callback) override {
    on_abandoned_ = std::move(callback);
  }
  void keep_journal(const std::filesystem::path& checkpoint, const std::string& follows,
                    std::uint64_t most_lost) override;
  [[nodiscard]] std::uint64_t journal_bytes() const override {
    return journal_ ? journal_->bytes() : 0;
  }
  void repeat_journal(const std::filesystem::path& checkpoint) override;
  [[nodiscard]] bool repeating() const override { return past_ != nullptr; }
  [[nodiscard]] std::map<std::string, std::uint64_t> oddities() const override;
  [[nodiscard]] std::string why_nothing_happens() const override;
  [[nodiscard]] nlohmann::json clock_state() override;
  void restore_clock(const nlohmann::json& state) override;

 private:
  using Clock = std::chrono::steady_clock;
  /// How long next_time() waits at most, so that an interrupt is soon noticed.
  static constexpr std::chrono::milliseconds patience{50};

  // The host's clock. Jobs are sent by the payloads, which know what they start from.
  void expect(std::size_t) override {}
  void schedule(const Job&) override {}
  void unschedule(WorkerId worker) override;
  void unschedule_everyone() override;
  std::optional<std::uint32_t> stop(const Job& job) override;
  void arm(std::uint32_t timer, double at) override;
  void disarm(std::uint32_t timer) override;

  [[nodiscard]] double since_begin(Clock::time_point time) const;
  [[nodiscard]] Clock::time_point at(double time) const;
  /// Whether the host is to hear of it.
  [[nodiscard]] bool concerns_host(const WorkerMessage<Real>& message) const;
  /// Of what does not concern it.
  void discard(WorkerMessage<Real>&& message);
  void take(WorkerMessage<Real>& message);
  /// Writes it down, and lets it happen.
  void accept(const FleetEvent& event, Payload<Real>&& payload = {});
  void happen(const FleetEvent& event, Payload<Real>&& payload);
  /// What follows from what has happened may leave.
  void settle();
  template <class Write>
  void write_down(Write&& write) {
    if (!journal_) return;
    try {
      write(*journal_);
    } catch (const DataError& error) {
      give_up_journal(error.what());
    }
  }
  void give_up_journal(const std::string& why);
  void tell(const std::string& news);
  void report(const Abandoned& job);
  // What is repeated.
  [[nodiscard]] std::optional<FleetInput<Real>> next_of_past();
  void check_repeated(const FleetEvent& event) const;
  void end_of_past();

  Host host_;
  std::unique_ptr<GatedPort<Real>> port_;
  std::unique_ptr<LivePayloads<Real>> payloads_;
  std::vector<WorkerId> absent_;
  Clock::time_point begin_;
  double now_ = 0;
  // What next_time() has found.
  std::optional<WorkerMessage<Real>> message_;
  double next_ = 0;
  bool timer_is_next_ = false;

  std::unique_ptr<JournalWriter<Real>> journal_;  ///< null: none is kept
  std::unique_ptr<JournalReader<Real>> past_;     ///< null: nothing is repeated
  std::optional<FleetInput<Real>> repeated_;      ///< what next_time() has found of it

  std::vector<bool> stopped_;  ///< by worker: its job was told to end
  std::vector<std::pair<double, std::uint32_t>> timers_;
  WaitWatch waits_;
  std::uint64_t late_results_ = 0;  ///< of jobs that the policy had given up by then
  std::function<void(const std::string&)> on_news_ = [](const std::string&) {};
  std::function<void(const FleetEvent&)> on_event_ = [](const FleetEvent&) {};
  std::function<void(const Abandoned&)> on_abandoned_ = [](const Abandoned&) {};
};

}  // namespace syncline
