#include "chaos/drill_fleet.hpp"

#include <algorithm>
#include <csignal>
#include <fstream>
#include <thread>

#include "base/atomic_file.hpp"
#include "chaos/fleet_news.hpp"
#include "syncline/error.hpp"

namespace syncline {
namespace {

using Words = std::vector<std::string>;

void add(Words& words, const Words& more) { words.insert(words.end(), more.begin(), more.end()); }

std::string worker_file(std::uint32_t worker) {
  return "worker-" + std::to_string(worker) + ".err";
}

void await_end(ChildProcess& process) {
  while (!process.end()) std::this_thread::sleep_for(std::chrono::microseconds(100));
}

}  // namespace

DrillFleet::DrillFleet(std::string program, std::filesystem::path folder, Settings job,
                       DrillNetwork& network, const DrillSecrets& secrets, bool with_spare,
                       std::uint32_t shards)
    : program_(std::move(program)),
      folder_(std::move(folder)),
      job_(std::move(job)),
      network_(network),
      secrets_(secrets),
      shards_(program_, folder_, shards, secrets),
      server_said_(folder_ / "server.err"),
      processes_(job_.race.run.fleet.workers + (with_spare ? 1 : 0)),
      up_(job_.race.run.fleet.workers, false),
      owner_(job_.race.run.fleet.workers, nobody) {
  std::error_code error;
  std::filesystem::remove_all(folder_, error);
  std::filesystem::create_directories(folder_, error);
  if (error)
    throw DataError("can't make the folder '" + folder_.string() + "': " + error.message());
  for (std::uint32_t shard = 0; shard < shards; ++shard) shards_.start(shard);
}

void DrillFleet::start_server(bool resume) {
  server_.reset();
  listens_ = false;
  std::fill(up_.begin(), up_.end(), false);
  server_wanted_ = resume;
  start_wanted_server();
}

void DrillFleet::start_wanted_server() {
  if (!server_wanted_ || !shards_.all_listen()) return;
  const bool resume = *server_wanted_;
  server_wanted_.reset();
  repeats_ = resume;
  Settings settings = job_;
  if (resume) settings.race.run.resume = settings.race.run.checkpoint;
  const auto config = folder_ / (resume ? "job-resumed.toml" : "job.toml");
  write_file_atomically(config, {to_toml(settings, Command::train)});
  Words words = {program_, "serve", "--json", "--config", config};
  add(words, network_.server_words());
  add(words, shards_.server_words());
  add(words, secrets_.words());
  server_ = std::make_unique<ChildProcess>(
      ChildStart{words, folder_ / "server.out", folder_ / "server.err", network_.server_network()});
}

void DrillFleet::start_worker(std::uint32_t worker) {
  Words words = {program_, "work"};
  add(words, network_.worker_words(worker));
  add(words, secrets_.words());
  if (const std::string& data = job_.race.run.model.data_folder; !data.empty()) {
    add(words, {"--data-folder", data});
  }
  Worker& the = processes_.at(worker);
  const auto said = folder_ / worker_file(worker);
  if (!the.said) the.said.emplace(said);
  the.process = std::make_unique<ChildProcess>(
      ChildStart{words, "/dev/null", said, network_.worker_network(worker)});
}

void DrillFleet::hear_server() {
  for (const std::string& line : server_said_.lines()) {
    const auto news = server_news(line);
    if (!news) continue;
    if (news->kind == ServerNews::Kind::listens) {
      network_.server_listens(news->address);
      listens_ = true;
    } else if (news->kind == ServerNews::Kind::resumed) {
      repeats_ = false;
      on_resumed(news->update);
    } else if (!repeats_ && news->worker < up_.size()) {
      up_[news->worker] = news->kind == ServerNews::Kind::up;
      if (up_[news->worker]) {
        on_up();
      } else {
        on_down(news->worker);
      }
    }
  }
}

void DrillFleet::hear(std::uint32_t worker) {
  Worker& the = processes_.at(worker);
  if (!the.said) return;
  for (const std::string& line : the.said->lines()) {
    const auto news = worker_news(line);
    if (!news) continue;
    the.seat = news->kind == WorkerNews::Kind::joined ? news->worker : nobody;
    // One that was cut off learns late that its number is another's.
    if (the.seat < owner_.size()) owner_[the.seat] = worker;
    if (news->kind == WorkerNews::Kind::anew) on_anew();
  }
}

void DrillFleet::poll() {
  shards_.poll();
  start_wanted_server();
  hear_server();
  for (std::uint32_t worker = 0; worker < processes(); ++worker) {
    hear(worker);
    if (const auto& process = processes_[worker].process) static_cast<void>(process->end());
  }
  if (server_ && server_->end()) listens_ = false;
}

void DrillFleet::kill_server() {
  hear_server();
  if (server_) {
    server_->signal(SIGKILL);
    await_end(*server_);
  }
  server_wanted_.reset();
  hear_server();
  server_.reset();
  listens_ = false;
  std::fill(up_.begin(), up_.end(), false);
}

void DrillFleet::kill_worker(std::uint32_t worker) {
  Worker& the = processes_.at(worker);
  if (!the.process) return;
  the.process->signal(SIGKILL);
  await_end(*the.process);
  hear(worker);
  the.process.reset();
  the.seat = nobody;
}

void DrillFleet::signal_worker(std::uint32_t worker, int number) {
  if (const auto& process = processes_.at(worker).process) process->signal(number);
}

void DrillFleet::signal_server(int number) {
  if (server_) server_->signal(number);
}

std::optional<ChildEnd> DrillFleet::server_end() const {
  return server_ ? server_->end() : std::nullopt;
}

bool DrillFleet::alive(std::uint32_t worker) const {
  const auto& process = processes_.at(worker).process;
  return process && !process->end();
}

std::optional<ChildEnd> DrillFleet::worker_end(std::uint32_t worker) const {
  const auto& process = processes_.at(worker).process;
  return process ? process->end() : std::nullopt;
}

std::uint32_t DrillFleet::seat(std::uint32_t worker) const {
  const std::uint32_t seat = processes_.at(worker).seat;
  return seat < up_.size() && up_[seat] && owner_[seat] == worker ? seat : nobody;
}

std::uint32_t DrillFleet::up() const {
  return static_cast<std::uint32_t>(std::count(up_.begin(), up_.end(), true));
}

std::string DrillFleet::last_words(const std::string& process) const {
  std::string last;
  for (const std::string& line : LineTail(folder_ / (process + ".err")).lines()) {
    if (!line.empty()) last = line;
  }
  return last;
}

}  // namespace syncline
