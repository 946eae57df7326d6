#include "cli/program.hpp"

#include <algorithm>

#include "cli/build_facts.hpp"
#include "cli/command.hpp"
#include "cli/console.hpp"
#include "syncline/spec.hpp"

namespace syncline {
namespace {

constexpr const char* introduction = R"text(Example:
  syncline race fashion-mnist
trains a real model under every synchronisation variant and shows which one reaches the target first.
  syncline simulate --policy "k-async(k=4)" --workers 8 --delay "exponential(rate=1)"
says how long an update takes and how stale its gradients are, without training anything.

Distributed SGD on machines of uneven speed: how long to wait for the slow ones.)text";

std::string& stored_command_line() {
  static std::string line;
  return line;
}

std::string shell_quoted(const std::string& word) {
  const bool plain = !word.empty() && std::all_of(word.begin(), word.end(), [](unsigned char c) {
    return std::isalnum(c) != 0 || std::string_view("-_./=:,+@%").find(c) != std::string::npos;
  });
  if (plain) return word;
  std::string quoted = "'";
  for (const char c : word) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

void remember_command_line(const std::vector<std::string>& words) {
  std::string line = "syncline";
  for (std::size_t i = 1; i < words.size(); ++i) line += " " + shell_quoted(words[i]);
  stored_command_line() = line;
}

std::vector<std::string> names_of(const std::vector<const CLI::App*>& commands) {
  std::vector<std::string> names;
  for (const auto* command : commands) names.push_back(command->get_name());
  return names;
}

std::string or_near(const std::string& wrong, const std::vector<std::string>& names) {
  const auto near = nearest_name(wrong, names);
  return near ? "; did you mean '" + *near + "'?" : "";
}

/// CLI11 would say only that a word was not expected.
void refuse_leftovers(const CLI::App& app, const std::string& name) {
  for (const std::string& word : app.remaining()) {
    if (word.rfind("-", 0) == 0) {
      const std::string flag = word.substr(0, word.find('='));
      std::vector<std::string> flags;
      for (const auto* option : app.get_options()) {
        for (const auto& known : option->get_lnames()) flags.push_back("--" + known);
      }
      throw ConfigError("unknown option '" + flag + "'" + or_near(flag, flags) + " (`" + name +
                        " --help` prints all)");
    }
    const auto commands = app.get_subcommands({});
    if (!commands.empty()) {
      throw ConfigError("unknown sub-command '" + word + "'" + or_near(word, names_of(commands)) +
                        " (`" + name + " --help` prints all)");
    }
    throw ConfigError("unexpected argument '" + word + "' (`" + name +
                      " --help` prints the usage)");
  }
}

}  // namespace

std::string command_line() { return stored_command_line(); }

ExitCode run_program(const std::vector<std::string>& words) {
  remember_command_line(words);
  CLI::App app(introduction, "syncline");
  app.set_version_flag("--version", build_facts());
  app.allow_extras();
  // Else a file or a data set that is named like a sub-command would be taken for one.
  app.require_subcommand(0, 1);
  Job job;
  add_race(app, job);
  add_train(app, job);
  add_simulate(app, job);
  add_predict(app, job);
  add_plan(app, job);
  add_fit(app, job);
  add_measure(app, job);
  add_data(app, job);
  add_replay(app, job);
  add_serve(app, job);
  add_shard(app, job);
  add_work(app, job);
  add_top(app, job);
  add_certs(app, job);
  add_chaos(app, job);
  add_report(app, job);
  add_list(app, job);
  // CLI11 takes the arguments from the back, without the program's name.
  std::vector<std::string> arguments(words.rbegin(), words.rend() - 1);
  try {
    app.parse(arguments);
  } catch (const CLI::CallForHelp&) {
    print(app.help());
    return ExitCode::done;
  } catch (const CLI::CallForVersion&) {
    print(build_facts() + "\n");
    return ExitCode::done;
  } catch (const CLI::ParseError& error) {
    throw ConfigError(error.what());
  }
  refuse_leftovers(app, "syncline");
  for (const auto* command : app.get_subcommands()) {
    refuse_leftovers(*command, "syncline " + command->get_name());
  }
  if (!job) throw ConfigError("a sub-command is missing; `syncline --help` prints them all");
  return job();
}

}  // namespace syncline
