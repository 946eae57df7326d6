#pragma once

#include <functional>

#include <CLI/CLI.hpp>

#include "syncline/error.hpp"

namespace syncline {

/// What the chosen sub-command will do once the whole command line has been understood.
using Job = std::function<ExitCode()>;

// Each adds one sub-command to the program; choosing it sets `job`. One file per sub-command.
void add_race(CLI::App& program, Job& job);
void add_train(CLI::App& program, Job& job);
void add_simulate(CLI::App& program, Job& job);
void add_predict(CLI::App& program, Job& job);
void add_plan(CLI::App& program, Job& job);
void add_fit(CLI::App& program, Job& job);
void add_measure(CLI::App& program, Job& job);
void add_data(CLI::App& program, Job& job);
void add_replay(CLI::App& program, Job& job);
void add_serve(CLI::App& program, Job& job);
void add_shard(CLI::App& program, Job& job);
void add_work(CLI::App& program, Job& job);
void add_top(CLI::App& program, Job& job);
void add_certs(CLI::App& program, Job& job);
void add_chaos(CLI::App& program, Job& job);
void add_report(CLI::App& program, Job& job);
void add_list(CLI::App& program, Job& job);

}  // namespace syncline
