#include "policy/automatic/automatic.hpp"

#include <algorithm>
#include <cmath>

#include <nlohmann/json.hpp>

namespace syncline {
namespace {

/// A probe has so many gradients in a step, at most, and so many steps and gradients of each
/// worker, at least; of more than `many` workers the slow ones are not waited for.
constexpr std::uint32_t largest_batch = 16;
constexpr std::uint64_t fewest_steps = 8;
constexpr std::uint64_t gradients_per_worker = 3;
constexpr std::uint32_t many = 64;
/// Gradients between two probes over those in a probe: at first, and at last, which makes 5 %.
constexpr std::uint64_t first_share = 2;
constexpr std::uint64_t last_share = 19;
/// So many times the predicted time of an update without one is too long.
constexpr double longest_wait = 20;

}  // namespace

Automatic::Automatic(Steps steps, PolicyContext context)
    : steps_(steps),
      context_(std::move(context)),
      times_(context_.workers),
      heard_(context_.workers, 0),
      down_(context_.workers, false) {}

Automatic::Automatic(const Automatic& other)
    : Policy(other),
      steps_(other.steps_),
      context_(other.context_),
      times_(other.times_),
      noise_(other.noise_),
      inner_(other.inner_ ? other.inner_->clone() : nullptr),
      text_(other.text_),
      chosen_(other.chosen_),
      relay_(other.relay_),
      base_(other.base_),
      probing_(other.probing_),
      records_(other.records_),
      turning_(other.turning_),
      k_(other.k_),
      arrivals_(other.arrivals_),
      updates_(other.updates_),
      heard_(other.heard_),
      probed_(other.probed_),
      share_(other.share_),
      folded_(other.folded_),
      weight_(other.weight_),
      fresh_(other.fresh_),
      down_(other.down_),
      patience_(other.patience_),
      strain_(other.strain_),
      watched_(other.watched_) {}

std::unique_ptr<Policy> Automatic::clone() const { return std::make_unique<Automatic>(*this); }

Requirements Automatic::requirements() const {
  Requirements requirements;
  requirements.tables = context_.unlike_data ? 2 : 0;
  requirements.observables.step = true;
  requirements.observables.spread = true;
  requirements.data_shares = context_.unlike_data ? DataShares::equal : DataShares::by_speed;
  return requirements;
}

std::uint32_t Automatic::probe_batch() const {
  if (context_.unlike_data) return context_.workers;
  return std::max(2U, std::min((context_.workers + 1) / 2, largest_batch));
}

std::string Automatic::probe_text() const {
  if (context_.unlike_data) return "sync";
  return "k-batch-sync(k=" + std::to_string(probe_batch()) + ", rest=finish)";
}

void Automatic::begin(const Begin& event, Actions& actions) { probe(event.time, 0, actions); }

void Automatic::arrive(const Arrive& event, Actions& actions) {
  if (records_) times_.took(event.worker, event.time - event.start);
  heard_[event.worker] = event.time;
  ++arrivals_;
  Arrive own = event;
  own.read -= base_;
  own.version -= base_;
  inner_->arrive(own, scratch_);
  pass(actions, &event);
}

void Automatic::pass(Actions& actions, const Arrive* arrival) {
  for (std::size_t i = 0; i < scratch_.list().size() && !turning_; ++i) {
    const Action& action = scratch_.list()[i];
    if (action.kind == Action::Kind::set && std::string_view(action.text) == "k") continue;
    if (action.kind == Action::Kind::cancel) records_ = false;
    if (action.kind == Action::Kind::fold && arrival != nullptr) note_fold(action, *arrival);
    if (action.kind == Action::Kind::put) fresh_ = false;
    relay_.repeat(scratch_, i, actions);
    // What the inner policy would do after that step, its successor does in another way.
    if (action.kind == Action::Kind::step) turning_ = over_at_next_step();
  }
  scratch_.reset();
}

void Automatic::note_fold(const Action& fold, const Arrive& arrival) {
  fresh_ = fresh_ && fold.index == 0 && relay_.slots == 1 && arrival.staleness() == 0;
  ++folded_;
  weight_ += fold.number;
}

bool Automatic::over_at_next_step() const {
  if (!probing_) return arrivals_ >= share_ * probed_;
  return updates_ + 1 >= fewest_steps &&
         arrivals_ >= gradients_per_worker * std::min(context_.workers, many);
}

void Automatic::stepped(const Stepped& event, Actions& actions) {
  ++updates_;
  learn_from_step(event);
  if (turning_) return turn(event.time, event.version, actions);
  Stepped own = event;
  own.version -= base_;
  inner_->stepped(own, scratch_);
  pass(actions, nullptr);
}

void Automatic::learn_from_step(const Stepped& event) {
  if (fresh_ && folded_ >= 2) noise_.stepped(event.norm / weight_, event.spread, folded_);
  folded_ = 0;
  weight_ = 0;
  fresh_ = true;
}

void Automatic::turn(double time, Version version, Actions& actions) {
  turning_ = false;
  actions.cancel_all_busy();
  const Requirements all = requirements();
  for (Slot slot = 0; slot < all.slots + all.tables; ++slot) actions.clear(slot);
  if (!probing_) return probe(time, version, actions);
  for (WorkerId worker = 0; worker < context_.workers; ++worker) {
    // Where all are waited for, who is silent has answered.
    if (!down_[worker] && !context_.unlike_data) times_.silent(worker, time - heard_[worker]);
  }
  choose(time, version, actions);
}

void Automatic::probe(double time, Version version, Actions& actions) {
  if (patience_ > 0) actions.disarm(watch());
  patience_ = 0;
  noise_.fade();
  probing_ = true;
  records_ = true;
  relay_.scale = 1;
  start(probe_text(), time, version, actions);
}

void Automatic::choose(double time, Version version, Actions& actions) {
  const NoiseScale::Estimate noise = noise_.estimate();
  const Decision decision = decide({times_.samples(), down_, context_}, noise, chosen_);
  actions.note(decision.why);
  share_ = share_ == 0 ? first_share : std::min(2 * share_, last_share);
  probed_ = arrivals_;
  probing_ = false;
  chosen_ = decision.chosen.policy;
  records_ = !decision.chosen.replayed.cancels;
  relay_.scale = 1;
  if (steps_ == Steps::fitted) {
    const double probe = 1 + noise.scale / probe_batch();
    relay_.scale = probe / decision.chosen.updates(noise.scale);
  }
  start(chosen_, time, version, actions);
  const double runtime = decision.chosen.replayed.runtime;
  if (!std::isfinite(runtime) || runtime <= 0) return;
  patience_ = longest_wait * runtime * strain_;
  watched_ = version;
  actions.arm(watch(), patience_);
}

void Automatic::start(const std::string& text, double time, Version version, Actions& actions) {
  text_ = text;
  inner_ = make_policy(text, context_);
  const Requirements own = inner_->requirements();
  relay_.slots = own.slots;
  relay_.first_table = requirements().slots;
  base_ = version;
  arrivals_ = 0;
  updates_ = 0;
  folded_ = 0;
  weight_ = 0;
  fresh_ = true;
  std::fill(heard_.begin(), heard_.end(), time);
  const auto k = static_cast<double>(own.payloads_per_step);
  if (k != k_) actions.set("k", k);
  k_ = k;
  if (steps_ == Steps::fitted && context_.step_size_factor) {
    relay_.scale /= context_.step_size_factor(k);
  }
  inner_->begin({time, context_.workers}, scratch_);
  pass(actions, nullptr);
  for (WorkerId worker = 0; worker < context_.workers; ++worker) {
    if (!down_[worker]) continue;
    inner_->went_down({time, worker}, scratch_);
    pass(actions, nullptr);
  }
}

void Automatic::timer_fired(const TimerFired& event, Actions& actions) {
  if (event.timer != watch()) {
    inner_->timer_fired(event, scratch_);
    return pass(actions, nullptr);
  }
  const Version version = base_ + updates_;
  if (version != watched_) {
    strain_ = 1;
    watched_ = version;
    return actions.arm(watch(), patience_);
  }
  actions.note(text_ + " has made no update for very long: looks at the workers again");
  strain_ *= 2;
  patience_ = 0;
  turn(event.time, version, actions);
  fresh_ = false;  // the scalars of the next step still see what was cleared
}

void Automatic::went_down(const WentDown& event, Actions& actions) {
  down_[event.worker] = true;
  inner_->went_down(event, scratch_);
  pass(actions, nullptr);
}

void Automatic::came_up(const CameUp& event, Actions& actions) {
  down_[event.worker] = false;
  heard_[event.worker] = event.time;
  inner_->came_up(event, scratch_);
  pass(actions, nullptr);
}

nlohmann::json Automatic::state() const {
  return {{"times", times_.state()}, {"noise", noise_.state()},
          {"policy", text_},         {"inner", inner_ ? inner_->state() : nlohmann::json()},
          {"chosen", chosen_},       {"scale", relay_.scale},
          {"base", base_},           {"probing", probing_},
          {"records", records_},     {"k", k_},
          {"arrivals", arrivals_},   {"updates", updates_},
          {"heard", heard_},         {"probed", probed_},
          {"share", share_},         {"folded", folded_},
          {"weight", weight_},       {"fresh", fresh_},
          {"down", down_},           {"patience", patience_},
          {"strain", strain_},       {"watched", watched_}};
}

void Automatic::restore(const nlohmann::json& state) {
  times_.restore(state.at("times"));
  noise_.restore(state.at("noise"));
  state.at("policy").get_to(text_);
  if (!text_.empty()) {
    inner_ = make_policy(text_, context_);
    inner_->restore(state.at("inner"));
    relay_.slots = inner_->requirements().slots;
    relay_.first_table = requirements().slots;
  }
  state.at("chosen").get_to(chosen_);
  state.at("scale").get_to(relay_.scale);
  state.at("base").get_to(base_);
  state.at("probing").get_to(probing_);
  state.at("records").get_to(records_);
  state.at("k").get_to(k_);
  state.at("arrivals").get_to(arrivals_);
  state.at("updates").get_to(updates_);
  state.at("heard").get_to(heard_);
  state.at("probed").get_to(probed_);
  state.at("share").get_to(share_);
  state.at("folded").get_to(folded_);
  state.at("weight").get_to(weight_);
  state.at("fresh").get_to(fresh_);
  state.at("down").get_to(down_);
  state.at("patience").get_to(patience_);
  state.at("strain").get_to(strain_);
  state.at("watched").get_to(watched_);
}

}  // namespace syncline
