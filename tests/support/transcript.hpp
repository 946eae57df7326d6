#pragma once

#include <string>
#include <vector>

#include "syncline/host.hpp"

namespace syncline::testing {

/// Everything that a host does, as lines of text: two runs are alike if their transcripts are.
class Transcript final : public HostObserver {
 public:
  void started(const Job& job) override {
    line("start", job, job.start, job.restart ? " again" : "");
  }
  void cancelled(const Job& job, double time) override { line("cancel", job, time); }
  void arrived(const Job& job, double time) override { line("arrive", job, time); }
  void folded(const Job& job, double time, Slot slot, double weight) override {
    line("fold", job, time, " " + std::to_string(slot) + " " + std::to_string(weight));
  }
  void dropped(const Job& job, double time, const char* reason) override {
    line("drop", job, time, std::string(" ") + reason);
  }
  void cleared(Slot slot) override { lines_.push_back("clear " + std::to_string(slot)); }
  void merged(Slot from, Slot into, double weight) override {
    lines_.push_back("merge " + std::to_string(from) + " " + std::to_string(into) + " " +
                     std::to_string(weight));
  }
  void stepped(Slot slot, double scale, Version version, double time) override {
    lines_.push_back("step " + std::to_string(slot) + " " + std::to_string(scale) + " " +
                     std::to_string(version) + " @" + std::to_string(time));
  }
  void parked(WorkerId worker, double) override {
    lines_.push_back("park " + std::to_string(worker));
  }
  void resumed(WorkerId worker, double) override {
    lines_.push_back("resume " + std::to_string(worker));
  }
  void published(const char* name, double value, double time) override {
    lines_.push_back("set " + std::string(name) + " " + std::to_string(value) + " @" +
                     std::to_string(time));
  }

  [[nodiscard]] const std::vector<std::string>& lines() const { return lines_; }

 private:
  void line(const char* what, const Job& job, double time, const std::string& more = "") {
    lines_.push_back(std::string(what) + " " + std::to_string(job.worker) + "/" +
                     std::to_string(job.job) + " read " + std::to_string(job.read) + " @" +
                     std::to_string(time) + more);
  }

  std::vector<std::string> lines_;
};

}  // namespace syncline::testing
