#pragma once

#include "target.hpp"

// One line for each file of this folder that ends with a target; ../all_targets.cpp lists them.
namespace syncline::fuzz {

extern const Target cifar_target;
extern const Target checkpoint_target;
extern const Target codec_target;
extern const Target constants_target;
extern const Target csv_target;
extern const Target document_target;
extern const Target events_target;
extern const Target idx_target;
extern const Target json_target;
extern const Target log_target;
extern const Target npy_target;
extern const Target replay_target;
extern const Target safetensors_target;
extern const Target server_message_target;
extern const Target server_spec_target;
extern const Target shard_answer_target;
extern const Target shard_order_target;
extern const Target shard_target;
extern const Target spec_target;
extern const Target toml_target;
extern const Target values_target;
extern const Target worker_message_target;

}  // namespace syncline::fuzz
