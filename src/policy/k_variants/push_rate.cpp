#include <nlohmann/json.hpp>

#include "policy/k_variants/update_times.hpp"

namespace syncline {

std::unique_ptr<UpdateTimes> PushRate::clone() const { return std::make_unique<PushRate>(*this); }

void PushRate::began(double time, std::uint32_t) { last_ = time; }

void PushRate::arrived(WorkerId, double time) {
  elapsed_ += time - last_;
  gradients_ += 1;
  last_ = time;
}

void PushRate::forget() {
  elapsed_ /= 2;
  gradients_ /= 2;
}

double PushRate::runtime(std::uint64_t k, double) const {
  return static_cast<double>(k) * elapsed_ / gradients_;
}

nlohmann::json PushRate::state() const {
  return {{"last", last_}, {"elapsed", elapsed_}, {"gradients", gradients_}};
}

void PushRate::restore(const nlohmann::json& state) {
  state.at("last").get_to(last_);
  state.at("elapsed").get_to(elapsed_);
  state.at("gradients").get_to(gradients_);
}

}  // namespace syncline
