#include "all_targets.hpp"

#include "targets/entries.hpp"

namespace syncline::fuzz {

const std::vector<const Target*>& all_targets() {
  static const std::vector<const Target*> all = {&checkpoint_target,
                                                 &cifar_target,
                                                 &codec_target,
                                                 &constants_target,
                                                 &csv_target,
                                                 &document_target,
                                                 &events_target,
                                                 &idx_target,
                                                 &json_target,
                                                 &log_target,
                                                 &npy_target,
                                                 &replay_target,
                                                 &safetensors_target,
                                                 &server_spec_target,
                                                 &shard_answer_target,
                                                 &shard_order_target,
                                                 &shard_target,
                                                 &spec_target,
                                                 &server_message_target,
                                                 &toml_target,
                                                 &values_target,
                                                 &worker_message_target};
  return all;
}

}  // namespace syncline::fuzz
