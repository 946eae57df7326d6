#include <nlohmann/json.hpp>

#include "server/parameter_server.hpp"

// What a checkpoint holds of a server besides its versions. Taken between events.
namespace syncline {

template <class Real>
nlohmann::json ParameterServer<Real>::state() {
  nlohmann::json state = {{"gradients", gradients_},    {"k", k_},
                          {"merged", merged_},          {"optimizer_steps", optimizer_->steps()},
                          {"noise", noise_.count()},    {"averaged", average_.count()},
                          {"scalars", scalars_.state()}};
  for (const auto& slot : slots_) state["slots"].push_back(slot->state());
  for (const auto& table : tables_) state["tables"].push_back(table.state());
  if (transform_) state["transform"] = transform_->state();
  if (attack_) state["attack"] = attack_->state();
  return state;
}

template <class Real>
void ParameterServer<Real>::restore(const nlohmann::json& state, const Read& read) {
  state.at("gradients").get_to(gradients_);
  state.at("k").get_to(k_);
  state.at("merged").get_to(merged_);
  optimizer_->restore_steps(state.at("optimizer_steps").get<std::uint64_t>());
  noise_.restore_count(state.at("noise").get<std::size_t>());
  average_.restore_count(state.at("averaged").get<std::uint64_t>());
  scalars_.restore(state.at("scalars"), gradient_length_);
  for (std::size_t i = 0; i < slots_.size(); ++i) slots_[i]->restore(state.at("slots").at(i));
  for (std::size_t i = 0; i < tables_.size(); ++i) tables_[i].restore(state.at("tables").at(i));
  if (transform_) transform_->restore(state.at("transform"));
  if (attack_) attack_->restore(state.at("attack"));
  for (const auto& [name, vector] : parts()) read(name, *vector);
}

template <class Real>
auto ParameterServer<Real>::vectors() -> Vectors {
  Vectors all;
  for (const auto& [name, vector] : parts()) all.emplace_back(name, *vector);
  return all;
}

template <class Real>
auto ParameterServer<Real>::restore_version(std::uint64_t version, const std::string& vector,
                                            const Read& read) -> State {
  auto snapshot = pool_->take();
  snapshot->version = version;
  read(vector, snapshot->state);
  return snapshot;
}

template <class Real>
void ParameterServer<Real>::restore_current(const State& state) {
  // restore_version() has made it, of our own pool.
  current_ = std::const_pointer_cast<Snapshot<Real>>(state);
}

template <class Real>
auto ParameterServer<Real>::parts() -> std::vector<std::pair<std::string, std::vector<Real>*>> {
  std::vector<std::pair<std::string, std::vector<Real>*>> all;
  const auto add = [&](const std::string& name, auto&& vectors) {
    std::size_t number = 0;
    for (std::vector<Real>* vector : vectors) {
      all.emplace_back(name + "." + std::to_string(number++), vector);
    }
  };
  for (std::size_t i = 0; i < slots_.size(); ++i) {
    add("slots." + std::to_string(i), slots_[i]->vectors());
  }
  for (std::size_t i = 0; i < tables_.size(); ++i) {
    add("tables." + std::to_string(i), tables_[i].vectors());
  }
  if (transform_) add("transform", transform_->vectors());
  if (attack_) add("attack", attack_->vectors());
  add("scalars", scalars_.vectors());
  add("optimizer", optimizer_->vectors());
  add("noise", noise_.vectors());
  add("average", average_.vectors());
  return all;
}

template nlohmann::json ParameterServer<float>::state();
template void ParameterServer<float>::restore(const nlohmann::json&, const Read&);
template auto ParameterServer<float>::vectors() -> Vectors;
template auto ParameterServer<float>::restore_version(std::uint64_t, const std::string&,
                                                      const Read&) -> State;
template void ParameterServer<float>::restore_current(const State&);
template nlohmann::json ParameterServer<double>::state();
template void ParameterServer<double>::restore(const nlohmann::json&, const Read&);
template auto ParameterServer<double>::vectors() -> Vectors;
template auto ParameterServer<double>::restore_version(std::uint64_t, const std::string&,
                                                       const Read&) -> State;
template void ParameterServer<double>::restore_current(const State&);

}  // namespace syncline
