#include <memory>

#include "cli/command.hpp"
#include "cli/run_top.hpp"

namespace syncline {
namespace {

constexpr const char* introduction = R"text(Example:
  syncline train --fleet threads --workers 4 --time 60 --log run.jsonl --metrics-port 9100
  syncline top run.jsonl
  syncline top --metrics 127.0.0.1:9100

Shows how a run stands, worker by worker: who computes, who waits and for what, who is slow. It
follows the event log, or asks the run itself. Keys: q ends, s changes the order.)text";

}  // namespace

void add_top(CLI::App& program, Job& job) {
  auto* app = program.add_subcommand("top", "watch a run: its workers, what they do and wait for");
  app->description(introduction);
  app->allow_extras();
  auto flags = std::make_shared<TopFlags>();
  app->add_option("log", flags->log, "event log of the run, which may still grow")
      ->type_name("FILE");
  app->add_option("--metrics", flags->metrics, "where the run has its --metrics-port")
      ->type_name("HOST:PORT");
  std::string orders;
  for (const std::string& order : top_orders()) orders += (orders.empty() ? "" : "|") + order;
  app->add_option("--sort", flags->order, "order of the workers (default trouble)")
      ->type_name(orders);
  app->add_option("--every", flags->every, "seconds between views (default 1)")
      ->type_name("SECONDS");
  app->add_flag("--once", flags->once, "print one view and end; so does top without a terminal");
  app->callback([&job, flags] { job = [flags] { return run_top(*flags); }; });
}

}  // namespace syncline
