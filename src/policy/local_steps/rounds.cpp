#include "policy/local_steps/rounds.hpp"

#include <algorithm>
#include <numeric>

#include <nlohmann/json.hpp>

#include "policy/local_steps/local_steps.hpp"
#include "syncline/random.hpp"

namespace syncline {
namespace {

/// No worker's own number: these draws are the server's.
constexpr std::uint32_t server = 0xffffffff;

/// The first `count` of a random order of 0..workers-1, in ascending order.
std::vector<WorkerId> draw_clients(std::uint64_t seed, Version round, std::uint64_t count,
                                   std::uint64_t workers) {
  std::vector<WorkerId> all(workers);
  std::iota(all.begin(), all.end(), WorkerId{0});
  if (count == workers) return all;
  DrawStream stream(Stream::clients, {seed, server, round});
  for (std::uint64_t i = 0; i < count; ++i) std::swap(all[i], all[i + stream.below(workers - i)]);
  all.resize(count);
  std::sort(all.begin(), all.end());
  return all;
}

}  // namespace

Requirements Rounds::requirements() const {
  Requirements requirements;
  requirements.program = settings_.program;
  requirements.optimizer = settings_.optimizer;
  requirements.payloads_per_step = settings_.quorum;
  requirements.distinct_workers = true;
  // Clients are drawn without regard to speed; waiting for the first few of them is not.
  requirements.data_shares =
      settings_.quorum == settings_.clients ? DataShares::equal : DataShares::by_speed;
  return requirements;
}

void Rounds::start_round(Version round, Actions& actions) const {
  const auto clients = draw_clients(settings_.seed, round, settings_.clients, settings_.workers);
  std::size_t next = 0;
  for (WorkerId worker = 0; worker < settings_.workers; ++worker) {
    if (next < clients.size() && clients[next] == worker) {
      ++next;
    } else {
      actions.park(worker);
    }
  }
  actions.send(clients, settings_.work);
}

void Rounds::begin(const Begin&, Actions& actions) {
  actions.set("local_steps", settings_.work.steps);
  start_round(0, actions);
}

void Rounds::arrive(const Arrive& event, Actions& actions) {
  actions.fold(0, 1 / static_cast<double>(settings_.quorum));
  if (++folded_ < settings_.quorum) {
    actions.park(event.worker);
  } else {
    actions.step(0, settings_.rate);
  }
}

void Rounds::stepped(const Stepped& event, Actions& actions) {
  folded_ = 0;
  actions.cancel_all_busy();
  start_round(event.version, actions);
}

nlohmann::json Rounds::state() const { return {{"folded", folded_}}; }

void Rounds::restore(const nlohmann::json& state) { state.at("folded").get_to(folded_); }

std::vector<Parameter> round_parameters(const char* steps, const char* clients) {
  return {{"steps", "local steps of a job", steps},
          {"clients", "workers in a round, drawn anew each time; 0: all", clients},
          {"quorum", "of them, how many to wait for; the rest are cancelled; 0: all", "0"},
          {"rate", "of the server, times the mean displacement", "1"},
          {"seed", "of the draws of clients", "1"}};
}

Rounds::Settings round_settings(const Arguments& arguments, const PolicyContext& context) {
  Rounds::Settings settings;
  settings.workers = context.workers;
  settings.work.steps = settings.work.gradients = local_steps(arguments);
  settings.clients = arguments.whole("clients");
  if (settings.clients == 0) settings.clients = context.workers;
  if (settings.clients > context.workers) {
    arguments.refuse("clients",
                     "can't be above the number of workers, " + std::to_string(context.workers));
  }
  settings.quorum = arguments.whole("quorum");
  if (settings.quorum == 0) settings.quorum = settings.clients;
  if (settings.quorum > settings.clients) {
    arguments.refuse("quorum",
                     "can't be above the number of clients, " + std::to_string(settings.clients));
  }
  settings.rate = arguments.positive("rate");
  settings.seed = arguments.whole("seed");
  return settings;
}

}  // namespace syncline
